package cli_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"heroku-drains/lib/local/localtest"
	"heroku-drains/lib/stack"
)

// flagsOf reads the line "ready …" of a local system, and returns the flags of verbs that use it.
func flagsOf(t *testing.T, line string) []string {
	t.Helper()
	addresses := readyLine.FindStringSubmatch(line)
	if addresses == nil {
		t.Fatalf("first line %q", line)
	}
	return []string{"--local", "--local-api-url", addresses[1], "--local-aws-url", addresses[2]}
}

// TestSimulateWithFaults checks that the local system fails while simulate sends lines, and not afterwards.
func TestSimulateWithFaults(t *testing.T) {
	stdout, stop := startLocal(t)
	stdout.Scan()
	flags := flagsOf(t, stdout.Text())
	run := func(args ...string) outcome { return command(t, nil, append(flags, args...)...) }
	wantCode(t, run("put", "-a", "shop"), 0)
	got := run("simulate", "-a", "shop", "--lines", "2", "--fail", "outage:api:shop", "--size", "1")
	wantCode(t, got, 1) // but the drain's URL is looked up before the fault begins
	wantIn(t, "stderr", got.stderr, "Fault outage:api:shop: All calls fail with status 503 (only calls to api for shop).", "2 of 2 lines were lost: HTTP 503",
		"The fault outage:api:shop applied to 6 calls.\n")
	got = run("simulate", "-a", "shop", "--lines", "2", "--fail", "outage:api:shpo", "--fail", "outage:sns")
	wantCode(t, got, 0)
	wantIn(t, "stderr", got.stderr, "Warning: the fault outage:api:shpo applies to no calls, because shpo has no drain. Did you mean shop?\n",
		"Warning: the fault outage:api:shpo applied to no calls.\n", "Warning: the fault outage:sns applied to no calls.\n",
		"Faults last while lines are sent: try --duration 1m instead of --lines.\n")
	wantCode(t, run("simulate", "-a", "shop", "--lines", "2"), 0)
	if code, stderr := stop(); code != 0 {
		t.Errorf("local: exit code %d: %s", code, stderr)
	}

	got = command(t, nil, "simulate", "-a", "shop", "--url", "http://shop:x@127.0.0.1:1/drains/shop", "--fail", "outage")
	wantCode(t, got, 2)
	wantIn(t, "stderr", got.stderr, "--fail needs --local")
	got = command(t, nil, "--local", "--local-aws-url", newFakeAPI(t, answer{status: 200}).URL, "simulate", "-a", "shop",
		"--url", "http://shop:x@127.0.0.1:1/drains/shop", "--fail", "outage")
	wantCode(t, got, 1)
	wantIn(t, "stderr", got.stderr, "make the local system fail: another program listens there")
}

// TestLocalFails checks that the local system fails as --fail says, and when that is over.
func TestLocalFails(t *testing.T) {
	var stderr localtest.Buffer
	stdout, stop := startLocalTo(t, &stderr, "--fail", "outage:api:shop", "--fail", "storage", "--fail", "slow:cloudwatch:1ms")
	stdout.Scan()
	flags := flagsOf(t, stdout.Text())
	res, err := http.Get(readyLine.FindStringSubmatch(stdout.Text())[1] + "/drains/shop")
	localtest.Must(t, err)
	localtest.Must(t, res.Body.Close())
	if res.StatusCode != http.StatusServiceUnavailable {
		t.Error(res.Status)
	}
	wantCode(t, command(t, nil, append(flags, "put", "-a", "blog")...), 0)
	localtest.Eventually(t, "the short fault is over", func() bool {
		return strings.Contains(stderr.String(), "The fault slow:cloudwatch:1ms is over. What waits is tried again within 10s.\n")
	})
	if code := stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	wantIn(t, "stderr", stderr.String(),
		"What could not be stored is tried again after 10s (on AWS: 6m0s).",
		"Fault outage:api:shop: All calls fail with status 503 (only calls to api for shop).",
		"Fault storage: The storage function fails. Lines wait in the queues: see WAITING in",
		"Fault slow:cloudwatch:1ms: Each call takes a second longer (only calls to cloudwatch).",
		"Warning: the fault slow:cloudwatch:1ms applied to no calls.\n",
		"The fault outage:api:shop applied to 1 call.\n")

}

func TestFaultsFromTheStart(t *testing.T) {
	var stderr localtest.Buffer
	stdout, stop := startLocalTo(t, &stderr, "--fail", "late-counts", "--fail", "concurrency-10")
	stdout.Scan()
	flags := flagsOf(t, stdout.Text())
	got := command(t, nil, append(flags, "simulate", "-a", "shop", "--lines", "2", "--fail", "late-counts")...)
	wantCode(t, got, 2)
	wantIn(t, "stderr", got.stderr, "--fail late-counts: a local system can have this only from its start: `heroku-drains-cli local --fail late-counts`")
	// Others may be one line of two chunks, or have line breaks.
	wantCode(t, command(t, nil, append(flags, "simulate", "-a", "shop", "--lines", "2", "--seed", "1")...), 0)
	localtest.Eventually(t, "the lines are stored", func() bool {
		return strings.Count(command(t, nil, append(flags, "logs", "-a", "shop")...).stdout, "\n") == 2
	})
	// When the last line was stored shows an hour later.
	if got := command(t, nil, append(flags, "list")...).stdout; !strings.HasSuffix(got, " -\n") {
		t.Errorf("list:\n%s", got)
	}
	if code := stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	wantIn(t, "stderr", stderr.String(), "Fault late-counts: Counts and lists of queues and streams are as old as on AWS.",
		"Fault concurrency-10: At most 10 invocations run at a time, as in a new account.")
	for fault, why := range map[string]string{"freeze": "cannot be frozen", "key-rotation:shop": "the verb rotate changes the signing key"} {
		got := command(t, nil, "local", "--fail", fault)
		wantCode(t, got, 2)
		wantIn(t, fault, got.stderr, why)
	}
}

func TestUnknownFaults(t *testing.T) {
	for _, verb := range []string{"local", "simulate"} {
		for fault, want := range map[string]string{
			"flood":                 "error: --fail: unknown fault \"flood\": choose one of storage, sqs, logs, outage, ",
			"trottling:sqs":         "error: --fail: unknown fault \"trottling\" (did you mean throttling?); see `heroku-drains-cli local --help`\n",
			"throttling:sqs:lambda": "already: leave out \"lambda\"; see `heroku-drains-cli local --help`\n",
		} {
			got := command(t, nil, verb, "--fail", fault)
			wantCode(t, got, 2)
			wantIn(t, verb, got.stderr, want)
		}
	}
}

// Messages that failed too often during a fault are not stored after it, and local says so at its end, and once the last of them can have failed.
func TestLocalTellsOfDeadLettersAfterAFault(t *testing.T) {
	t.Parallel() // most of its time is spent waiting
	if os.Getenv("HEROKU_API_URL") != "" {
		t.Skip("the environment has a Heroku")
	}
	var stderr localtest.Buffer
	stdout, stop := startLocalTo(t, &stderr, "--fail", "logs:sales:2s")
	if !stdout.Scan() {
		t.Fatalf("stdout ended: %s", stderr.String())
	}
	flags := flagsOf(t, stdout.Text())
	client := sqs.New(sqs.Options{
		Region: stack.LocalRegion, BaseEndpoint: &flags[4],
		Credentials: credentials.NewStaticCredentialsProvider(stack.LocalAccessKey, stack.LocalAccessKey, ""),
	})
	bury := func() {
		url, body := flags[4]+"/"+stack.LocalAccountID+"/"+stack.LocalDeadLetterQueue, "cannot be opened"
		_, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &body})
		localtest.Must(t, err)
	}
	redrive := ": 1 of an unknown app. To move them back: `heroku-drains-cli --local --local-api-url " + flags[2] + " --local-aws-url " + flags[4] + " redrive`.\n"
	bury()
	localtest.Eventually(t, "the fault is over", func() bool {
		return strings.Contains(stderr.String(), "The fault logs:sales:2s is over. What waits is tried again within 10s. Dead letters are not tried again, and there are 1"+redrive)
	})
	bury()
	localtest.Eventually(t, "the last messages have become dead letters", func() bool {
		return strings.Contains(stderr.String(), "Since the fault logs:sales:2s ended, more messages have become dead letters. Dead letters are not tried again, and there are 2: 2 of ")
	})
	if code := stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	wantIn(t, "stderr", stderr.String(), "Fault logs:sales:2s: CloudWatch Logs takes no lines (only for sales). Lines wait in the queues: see WAITING in `")
}
