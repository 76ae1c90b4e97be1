package e2e_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// raw sends a request as it is, which an HTTP client would not, and returns the response's status; 0 if the connection was closed without one.
func (s *system) raw(request string) int {
	s.t.Helper()
	connection := s.dial()
	defer connection.Close()
	_, _ = io.WriteString(connection, request) // the server may answer before it has read everything
	return status(connection)
}

// dial opens a connection to the API.
func (s *system) dial() net.Conn {
	s.t.Helper()
	connection, err := (&net.Dialer{}).DialContext(s.t.Context(), "tcp", strings.TrimPrefix(s.AWS.APIURL(), "http://"))
	localtest.Must(s.t, err)
	localtest.Must(s.t, connection.SetDeadline(time.Now().Add(time.Minute)))
	return connection
}

// status reads the status of a response.
func status(connection net.Conn) int {
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	return response.StatusCode
}

// TestPathTricks posts with the right password of shop to every other way to write a path: none reaches another app's queue, and none of those
// that mean another app or none is accepted.
func TestPathTricks(t *testing.T) {
	t.Parallel() // most of its time is spent waiting for AWS
	s := startWith(t, local.Options{Binaries: binaries})
	shop, blog := s.put("shop", drain.Patch{}), s.put("shop-staging", drain.Patch{})
	good := parse(t, shop.DrainURL)
	password, _ := good.User.Password()
	text := body("tricked")
	headers := fmt.Sprintf(" HTTP/1.1\r\nHost: %s\r\nAuthorization: Basic %s\r\nContent-Type: application/logplex-1\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
		good.Host, base64.StdEncoding.EncodeToString([]byte("shop:"+password)), len(text), text)
	accepted := 0
	for target, want := range map[string][]int{
		"/drains/shop":                         {200},
		"/drains/sh%6fp":                       {200}, // the same name
		"/drains/shop?app=shop-staging":        {200},
		"/drains/shop?":                        {200},
		"/drains/shop%2fshop-staging":          {400, 404},
		"/drains/shop%252fshop-staging":        {400},
		"/drains/shop%00":                      {400},
		"/drains/shop%00-staging":              {400},
		"/drains/shop%0a":                      {400},
		"/drains/shop%0d%0aX-App:%20x":         {400},
		"/drains/shop%20":                      {400},
		"/drains/shop+":                        {400},
		"/drains/shop.":                        {400},
		"/drains/shop%2e":                      {400},
		"/drains/shop;x":                       {400},
		"/drains/shop%3b":                      {400},
		"/drains/shop%23":                      {400},
		"/drains/SHOP":                         {400},
		"/drains/Shop":                         {400},
		"/drains/%73hop-staging":               {401}, // another app's name, and not its password
		"/drains/shop-staging":                 {401},
		"/drains/sh\u00f6p":                    {400},
		"/drains/%ef%bd%93hop":                 {400}, // a full-width s
		"/drains/s%e2%80%8bhop":                {400}, // a zero-width space
		"/drains/%C5%BFhop":                    {400}, // a long s, whose capital is S
		"/drains/shop%c0%ae":                   {400}, // an overlong dot
		"/drains/%ff":                          {400},
		"/drains/":                             {404},
		"/drains//shop":                        {404, 301},
		"//drains/shop":                        {404, 301},
		"/drains/shop/":                        {404},
		"/drains/shop//":                       {404, 301},
		"/drains/./shop":                       {404, 301},
		"/drains/../drains/shop":               {404, 301},
		"/drains/%2e%2e/drains/shop":           {404},
		"/drains/%2e%2e":                       {400},
		"/drains/..":                           {400, 404, 301},
		"/drains/..%2fshop":                    {400, 404},
		"/drains/shop%5c..%5cx":                {400},
		"/drains%2fshop":                       {404, 200}, // one segment for AWS; the same app in any case
		"/DRAINS/shop":                         {404},
		"/drains/{app}":                        {400},
		"/drains/%7bapp%7d":                    {400},
		"/drains/$default":                     {400},
		"/$default/drains/shop":                {404},
		"/drains/*":                            {400},
		"/drains/APP_shop":                     {400},
		"/drains/" + strings.Repeat("a", 31):   {400},
		"/drains/" + strings.Repeat("a", 9000): {400},
		"http://other/drains/shop":             {200}, // a proxy's form of the same path
		"*":                                    {400, 404},
		"shop":                                 {400},
		"/drains/%":                            {400},
		"/drains/%zz":                          {400},
	} {
		got := s.raw("POST " + target + headers)
		if !slices.Contains(want, got) {
			t.Errorf("POST %.60s: %d, want one of %v", target, got, want)
		}
		if got == http.StatusOK {
			accepted++
		}
	}
	if got := localtest.Texts(s.stored("shop", accepted)); len(got) != accepted {
		t.Errorf("%d POSTs were accepted, and %d lines are stored", accepted, len(got))
	}
	s.wantOnlyTheQueuesOf("shop", "shop-staging")
	if status, _ := s.post(blog.DrainURL, body("genuine")); status != http.StatusOK {
		t.Errorf("POST of the other app: %d", status)
	}
	if diff := cmp.Diff([]string{"app[web.1]: genuine"}, localtest.Texts(s.stored("shop-staging", 1))); diff != "" {
		t.Errorf("stream of the other app (-want +got):\n%s", diff)
	}
}

// wantOnlyTheQueuesOf checks that no other app has a queue.
func (s *system) wantOnlyTheQueuesOf(apps ...string) {
	s.t.Helper()
	prefix := stack.DefaultQueuePrefix
	out, err := s.sqs.ListQueues(s.t.Context(), &sqs.ListQueuesInput{QueueNamePrefix: &prefix})
	localtest.Must(s.t, err)
	if len(out.QueueUrls) != len(apps) {
		s.t.Errorf("queues %v, want those of %v", out.QueueUrls, apps)
	}
}

// TestRequestTricks sends what is not a POST of Logplex: smuggled, endless, slow, heavy, packed. None is stored, none disturbs others.
func TestRequestTricks(t *testing.T) {
	t.Parallel() // most of its time is spent waiting for AWS
	s := startWith(t, local.Options{Binaries: binaries})
	d := s.put("shop", drain.Patch{})
	u := parse(t, d.DrainURL)
	password, _ := u.User.Password()
	start := "POST /drains/shop HTTP/1.1\r\nHost: " + u.Host + "\r\nAuthorization: Basic " +
		base64.StdEncoding.EncodeToString([]byte("shop:"+password)) + "\r\n"
	text := string(body("smuggled"))
	for name, tt := range map[string]struct {
		request string
		want    []int
	}{
		"two lengths":             {start + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", []int{400}},
		"a length and chunks":     {start + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /drains HTTP/1.1\r\n\r\n", []int{200, 400}}, // an empty body
		"an unknown encoding":     {start + "Transfer-Encoding: chunked, identity\r\n\r\n" + text, []int{400, 501}},
		"a negative length":       {start + "Content-Length: -1\r\n\r\n" + text, []int{400}},
		"a huge length":           {start + "Content-Length: 99999999999\r\n\r\n" + text, []int{413}},
		"a header without a name": {start + ": x\r\n\r\n", []int{400}},
		"a folded header":         {start + "X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n", []int{200, 400}},
		"a header with a NUL":     {start + "Logplex-Frame-Id: a\x00b\r\n\r\n", []int{400}},
		"two passwords":           {start + "Authorization: Basic x\r\nContent-Length: 0\r\n\r\n", []int{401}},
		"many headers":            {start + strings.Repeat("X-A: "+strings.Repeat("b", 100)+"\r\n", 200) + "\r\n", []int{431}},
		"one long header":         {start + "Logplex-Frame-Id: " + strings.Repeat("b", 20_000) + "\r\n\r\n", []int{431}},
		"a long request line":     {"POST /drains/shop?" + strings.Repeat("b", 20_000) + " HTTP/1.1\r\n\r\n", []int{431, 400}},
		"an unknown method":       {"PROPFIND /drains/shop HTTP/1.1\r\nHost: x\r\n\r\n", []int{404}},
		"not HTTP":                {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n", []int{400}},
		"gzip of nothing":         {start + "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", []int{415}},
	} {
		if got := s.raw(tt.request); !slices.Contains(tt.want, got) {
			t.Errorf("%s: %d, want one of %v", name, got, tt.want)
		}
	}

	// Bombs: a megabyte that becomes a gigabyte, and nothing in very many pieces.
	for name, packed := range map[string][]byte{"a bomb": bomb(t), "very many empty members": bytes.Repeat(zipped(t, nil), 50_000)} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.DrainURL, bytes.NewReader(packed))
		localtest.Must(t, err)
		req.Header.Set("Content-Encoding", "gzip")
		if status, _ := s.do(req); status != http.StatusUnsupportedMediaType && status != http.StatusOK {
			t.Errorf("%s: %d", name, status)
		}
	}

	// An endless body ends with 413, and slow ones disturb nobody.
	endless, write := io.Pipe()
	go func() {
		for {
			if _, err := write.Write(make([]byte, 1<<20)); err != nil {
				return
			}
		}
	}()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.DrainURL, endless)
	localtest.Must(t, err)
	if status, _ := s.do(req); status != http.StatusRequestEntityTooLarge {
		t.Errorf("an endless body: %d, want 413", status)
	}
	_ = endless.Close()
	for range 200 {
		slow := s.dial()
		defer slow.Close()
		_, err := io.WriteString(slow, start+"Content-Length: 1000\r\n\r\n1")
		localtest.Must(t, err)
	}
	var senders sync.WaitGroup
	for i := range 10 {
		senders.Go(func() {
			if status, _ := s.post(d.DrainURL, body(fmt.Sprint("genuine ", i))); status != http.StatusOK {
				t.Errorf("a POST beside slow ones: %d", status)
			}
		})
	}
	senders.Wait()
	for _, text := range localtest.Texts(s.stored("shop", 10)) {
		if !strings.HasPrefix(text, "app[web.1]: genuine ") {
			t.Errorf("stored %.100q", text)
		}
	}
}

// zipped returns what gzip makes of a text.
func zipped(t *testing.T, text []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write(text)
	localtest.Must(t, err)
	localtest.Must(t, z.Close())
	return packed.Bytes()
}

// bomb returns a gigabyte of zeros in a megabyte: members of gzip that follow each other are one text.
func bomb(t *testing.T) []byte {
	t.Helper()
	return bytes.Repeat(zipped(t, make([]byte, 16<<20)), 64)
}

// TestLogInjection puts what others can send into everything that the functions log: what they log remains JSON, a line each, without a metric
// that is not theirs, and without a password.
func TestLogInjection(t *testing.T) {
	t.Parallel() // most of its time is spent waiting for AWS
	const metric = `{"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"HerokuDrains","Dimensions":[["FunctionName"]],"Metrics":[{"Name":"PostsRefused"}]}]},"PostsRefused":9}`
	evil := "x\"}\n" + metric + "\n\r\n\x1b[2J\u2028" + metric
	var output localtest.Buffer
	s := startWith(t, local.Options{Binaries: binaries, Output: &output})
	d := s.put("shop", drain.Patch{})
	u := parse(t, d.DrainURL)
	password, _ := u.User.Password()

	oneLine := strings.NewReplacer("\n", "", "\r", "", "\x1b", "").Replace(evil) // what a header can have
	for _, app := range []string{"shop", "Shop" + evil, evil, "nope"} {
		for _, secret := range []string{password, "wrong" + evil, ""} {
			for _, encoding := range []string{"", oneLine} {
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.AWS.APIURL()+"/drains/"+url.PathEscape(app), bytes.NewReader(body(evil)))
				localtest.Must(t, err)
				req.SetBasicAuth(app, secret)
				for _, name := range []string{"Logplex-Frame-Id", "Logplex-Drain-Token", "Logplex-Msg-Count", "User-Agent", "X-Request-Id", "X-Forwarded-For", "Content-Type"} {
					req.Header.Set(name, oneLine)
				}
				if encoding != "" {
					req.Header.Set("Content-Encoding", encoding)
				}
				s.do(req)
			}
		}
	}
	for _, path := range []string{"/drains/" + url.PathEscape(evil), "/drains/shop?" + url.QueryEscape(evil) + "=1", "/drains?next=" + url.QueryEscape(evil),
		"/drains/shop?logs=" + url.QueryEscape(evil)} {
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
			if method == http.MethodDelete && strings.HasPrefix(path, "/drains/shop?"+url.QueryEscape(evil)) {
				continue
			}
			s.signed(method, path, `{"format":`+evil)
		}
	}
	s.send("shop", `{"version":1,"app":"`+strings.NewReplacer(`"`, `\"`, "\n", `\n`, "\r", `\r`, "\x1b", `\u001b`).Replace(evil)+`","request_id":"y","part":1,"parts":1,"encoding":"base64","body":""}`)
	s.send("shop", `{"version":1,"app":"shop","part":1,"parts":1,"encoding":"`+strings.NewReplacer(`"`, `\"`, "\n", `\n`, "\r", `\r`, "\x1b", `\u001b`).Replace(evil)+`","body":""}`)
	if status, _ := s.post(d.DrainURL, append(body(evil, metric), "garbage"+metric...)); status != http.StatusOK {
		t.Errorf("POST: %d", status)
	}
	remove := s.AWS.Inject(awslocal.Fault{Service: "sqs", Operation: "SendMessage", Status: http.StatusForbidden, Code: "Evil", Message: evil, Times: 3})
	s.post(d.DrainURL, body("x"))
	remove()
	localtest.Eventually(t, "the functions have logged", func() bool {
		logged := output.String()
		return strings.Contains(logged, "message unreadable") && strings.Contains(logged, "batch done") && strings.Contains(logged, "POST rejected")
	})

	own := map[string]bool{stack.LocalDrainsFunction: true, stack.LocalStorageFunction: true, stack.LocalAlertsFunction: true}
	for line := range strings.Lines(output.String()) {
		var members map[string]json.RawMessage
		if err := json.Unmarshal([]byte(line), &members); err != nil {
			t.Errorf("a line is not JSON: %.500q", line)
			continue
		}
		var function string
		_ = json.Unmarshal(members[stack.MetricDimension], &function)
		switch {
		case members["_aws"] == nil:
			if strings.ContainsAny(line[:len(line)-1], "\x1b\r\n") {
				t.Errorf("a line has control characters: %.500q", line)
			}
		case !own[function] || strings.Contains(string(members["_aws"]), `"Timestamp":1,`):
			t.Errorf("a metric that is not ours: %.500s", line)
		}
		if strings.Contains(line, password) || strings.Contains(line, base64.StdEncoding.EncodeToString([]byte("shop:"+password))) {
			t.Errorf("a line has the password: %.500s", strings.ReplaceAll(line, password, "****"))
		}
	}
}
