package cli_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"

	"heroku-drains/lib/stack"
)

// cloud is an AWS account with the stack: a local system, and a proxy in front of it that adds CloudFormation and CloudWatch.
type cloud struct {
	*system
	status    string        // of the stack
	alerts    stack.Outputs // those of the alerts; empty: an older stack
	throttles float64
	ahead     time.Duration // of AWS's clock
}

func newCloud(t *testing.T) *cloud {
	c := &cloud{system: newSystem(t), status: "CREATE_COMPLETE"}
	target, err := url.Parse(c.AWS.AWSURL())
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host
			r.Out.Host = r.In.Host // the signature covers it
		},
		ModifyResponse: func(r *http.Response) error {
			r.Header.Set("Date", time.Now().Add(c.ahead).UTC().Format(http.TimeFormat))
			return nil
		},
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		switch {
		case strings.Contains(string(body), "Action=DescribeStacks"):
			fmt.Fprintf(w, `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>HerokuDrains</StackName>`+
				`<StackStatus>%s</StackStatus><Outputs>%s</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`, c.status,
				output("AlertsFunctionName", c.alerts.AlertsFunction)+output("AlertsQueueUrl", c.alerts.AlertsQueueURL)+output("AlertsTopicArn", c.alerts.AlertsTopic)+
					output("ApiUrl", c.AWS.APIURL())+output("QueuePrefix", "APP_")+output("DrainsFunctionName", "front-door")+output("StorageFunctionName", "drains-storage")+
					output("DeadLetterQueueUrl", c.AWS.AWSURL()+"/000000000000/"+stack.LocalDeadLetterQueue))
		case strings.HasSuffix(r.URL.Path, "/operation/GetMetricData"):
			w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
			w.Header().Set("Content-Type", "application/cbor")
			_, _ = w.Write(cbor.Encode(cbor.Map{"MetricDataResults": cbor.List{
				cbor.Map{"Id": cbor.String("m1"), "Values": cbor.List{cbor.Float64(c.throttles)}},
			}}))
		default:
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(front.Close)
	awsAt(t, front.URL)
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "local")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "local")
	return c
}
