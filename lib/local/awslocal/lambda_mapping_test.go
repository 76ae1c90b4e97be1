package awslocal_test

import (
	"archive/zip"
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/local/awslocal"
)

// mappings is a client for event source mappings, with a queue and a function to map.
type mappings struct {
	*lambda.Client
	queue    testQueue
	queueARN string
	function string // ARN
	backend  backend
}

// newMappings creates a queue "q" and a function "f" with a timeout of 30 s, which is also the queue's visibility timeout.
func newMappings(t *testing.T, b backend) mappings {
	t.Helper()
	q := newQueue(t, b, "q")
	return mappings{lambda.NewFromConfig(b.config), q, q.arn(t), newFunction(t, b, "f", 30*time.Second), b}
}

// newFunction creates a function that does nothing.
func newFunction(t *testing.T, b backend, name string, timeout time.Duration) (arn string) {
	t.Helper()
	if b.server != nil {
		arn, err := b.server.AddFunction(awslocal.Function{Name: name, Timeout: timeout,
			Handler: func(context.Context, []byte) ([]byte, error) { return nil, nil }})
		if err != nil {
			t.Fatal(err)
		}
		return arn
	}
	var code bytes.Buffer
	archive := zip.NewWriter(&code)
	if _, err := archive.Create("f.py"); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	out, err := lambda.NewFromConfig(b.config).CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: &name, Role: aws.String(motoRole(t, b)), Handler: aws.String("f.handle"), Runtime: types.RuntimePython311,
		Code: &types.FunctionCode{ZipFile: code.Bytes()}, Timeout: aws.Int32(int32(timeout.Seconds())),
	})
	if err != nil {
		t.Fatal(err)
	}
	return *out.FunctionArn
}

// motoRole creates a role that moto accepts for functions, and returns its ARN. moto reads the service from the signature but does not
// verify it.
func motoRole(t *testing.T, b backend) string {
	t.Helper()
	const form = "Action=CreateRole&Version=2010-05-08&RoleName=f&AssumeRolePolicyDocument=%7B%7D"
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, *b.config.BaseEndpoint, strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=none")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return "arn:aws:iam::" + b.account + ":role/f"
}

// create maps the queue to the function, with changes to the request.
func (m mappings) create(t *testing.T, changes ...func(*lambda.CreateEventSourceMappingInput)) (*lambda.CreateEventSourceMappingOutput, error) {
	t.Helper()
	in := &lambda.CreateEventSourceMappingInput{EventSourceArn: &m.queueARN, FunctionName: aws.String("f")}
	for _, change := range changes {
		change(in)
	}
	return m.CreateEventSourceMapping(t.Context(), in)
}

// created is like create but must succeed. It waits until the mapping is Enabled or Disabled, and returns its ID.
func (m mappings) created(t *testing.T, changes ...func(*lambda.CreateEventSourceMappingInput)) string {
	t.Helper()
	out, err := m.create(t, changes...)
	if err != nil {
		t.Fatal(err)
	}
	m.settled(t, *out.UUID)
	return *out.UUID
}

func (m mappings) get(t *testing.T, id string) *lambda.GetEventSourceMappingOutput {
	t.Helper()
	out, err := m.GetEventSourceMapping(t.Context(), &lambda.GetEventSourceMappingInput{UUID: &id})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// settled waits until a mapping is Enabled or Disabled, and returns it.
func (m mappings) settled(t *testing.T, id string) *lambda.GetEventSourceMappingOutput {
	t.Helper()
	var out *lambda.GetEventSourceMappingOutput
	waitFor(t, func() bool {
		out = m.get(t, id)
		return *out.State == "Enabled" || *out.State == "Disabled"
	})
	return out
}

func (m mappings) update(t *testing.T, in lambda.UpdateEventSourceMappingInput) (*lambda.UpdateEventSourceMappingOutput, error) {
	t.Helper()
	return m.UpdateEventSourceMapping(t.Context(), &in)
}

func (m mappings) delete(t *testing.T, id string) (*lambda.DeleteEventSourceMappingOutput, error) {
	t.Helper()
	return m.DeleteEventSourceMapping(t.Context(), &lambda.DeleteEventSourceMappingInput{UUID: &id})
}

// list returns the IDs of the listed mappings, page by page.
func (m mappings) list(t *testing.T, in lambda.ListEventSourceMappingsInput) [][]string {
	t.Helper()
	var pages [][]string
	for p := lambda.NewListEventSourceMappingsPaginator(m, &in); p.HasMorePages(); {
		out, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var page []string
		for _, mapping := range out.EventSourceMappings {
			page = append(page, *mapping.UUID)
		}
		pages = append(pages, page)
	}
	return pages
}

func TestMappings(t *testing.T) {
	conform(t, []check{
		{name: "a mapping has defaults", run: func(t *testing.T, b backend) {
			m := newMappings(t, b)
			id := m.created(t)
			got := m.get(t, id)
			if *got.BatchSize != 10 || *got.EventSourceArn != m.queueARN || *got.FunctionArn != m.function {
				t.Errorf("batch size %d of %s to %s, want 10 of %s to %s", *got.BatchSize, *got.EventSourceArn, *got.FunctionArn, m.queueARN, m.function)
			}
			if want := "arn:aws:lambda:us-east-1:" + b.account + ":event-source-mapping:" + id; aws.ToString(got.EventSourceMappingArn) != want {
				t.Errorf("ARN %s, want %s", aws.ToString(got.EventSourceMappingArn), want)
			}
			if *got.State != "Enabled" {
				t.Errorf("state %s, want Enabled", *got.State)
			}
			if age := time.Since(*got.LastModified); age < -time.Minute || age > time.Hour {
				t.Errorf("last modified %s, want now", got.LastModified)
			}
			if len(got.FunctionResponseTypes) != 0 || got.ScalingConfig != nil {
				t.Errorf("response types %v, scaling %v, want none", got.FunctionResponseTypes, got.ScalingConfig)
			}
		}},
		{name: "a mapping has the settings it is created with", run: func(t *testing.T, b backend) {
			m := newMappings(t, b)
			got := m.get(t, m.created(t, func(in *lambda.CreateEventSourceMappingInput) {
				in.FunctionName = &m.function
				in.BatchSize, in.MaximumBatchingWindowInSeconds = aws.Int32(10_000), aws.Int32(300)
				in.ScalingConfig = &types.ScalingConfig{MaximumConcurrency: aws.Int32(2)}
				in.FunctionResponseTypes = []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures}
			}))
			if *got.BatchSize != 10_000 || *got.MaximumBatchingWindowInSeconds != 300 || *got.ScalingConfig.MaximumConcurrency != 2 {
				t.Errorf("batch size %d, window %d, concurrency %v", *got.BatchSize, *got.MaximumBatchingWindowInSeconds, got.ScalingConfig)
			}
			if !slices.Equal(got.FunctionResponseTypes, []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures}) {
				t.Errorf("response types %v", got.FunctionResponseTypes)
			}
		}},
		{name: "a mapping can be created disabled", run: func(t *testing.T, b backend) {
			m := newMappings(t, b)
			out, err := m.create(t, func(in *lambda.CreateEventSourceMappingInput) { in.Enabled = aws.Bool(false) })
			if err != nil {
				t.Fatal(err)
			}
			if *out.State != "Disabled" {
				t.Errorf("state %s, want Disabled", *out.State)
			}
		}},
		{name: "a queue that does not exist cannot be mapped", run: func(t *testing.T, b backend) {
			m := newMappings(t, b)
			_, err := m.create(t, func(in *lambda.CreateEventSourceMappingInput) { in.EventSourceArn = aws.String(m.queueARN + "-other") })
			wantCode(t, err, "InvalidParameterValueException")
		}, notMoto: "it returns ResourceNotFoundException"},
		{name: "a function that does not exist cannot be mapped", run: func(t *testing.T, b backend) {
			m := newMappings(t, b)
			_, err := m.create(t, func(in *lambda.CreateEventSourceMappingInput) { in.FunctionName = aws.String("other") })
			wantCode(t, err, "InvalidParameterValueException")
		}, notMoto: "it returns ResourceNotFoundException; recordings of AWS have InvalidParameterValueException"},
		{name: "a queue and a function can be mapped only once", run: func(t *testing.T, b backend) {
			m := newMappings(t, b)
			id := m.created(t)
			_, err := m.create(t)
			wantCode(t, err, "ResourceConflictException")
			if !strings.HasSuffix(err.Error(), "with UUID "+id) {
				t.Errorf("error %q, want it to name the mapping %s", err, id)
			}
		}, notMoto: "it accepts duplicates"},
		{name: "a mapping that does not exist", run: func(t *testing.T, b backend) {
			m := newMappings(t, b)
			const id = "00000000-0000-4000-8000-000000000000"
			_, err := m.delete(t, id)
			wantCode(t, err, "ResourceNotFoundException")
			_, err = m.update(t, lambda.UpdateEventSourceMappingInput{UUID: aws.String(id)})
			wantCode(t, err, "ResourceNotFoundException")
		}, notMoto: "it does not fail"},
		{name: "an update changes only the given settings", run: func(t *testing.T, b backend) {
			m := newMappings(t, b)
			id := m.created(t, func(in *lambda.CreateEventSourceMappingInput) {
				in.BatchSize, in.MaximumBatchingWindowInSeconds = aws.Int32(7), aws.Int32(3)
			})
			if _, err := m.update(t, lambda.UpdateEventSourceMappingInput{UUID: &id, BatchSize: aws.Int32(8)}); err != nil {
				t.Fatal(err)
			}
			got := m.settled(t, id)
			if *got.BatchSize != 8 || *got.MaximumBatchingWindowInSeconds != 3 || *got.State != "Enabled" {
				t.Errorf("batch size %d, window %d, %s, want 8, 3, Enabled", *got.BatchSize, *got.MaximumBatchingWindowInSeconds, *got.State)
			}
		}},
		{name: "a mapping is disabled and enabled", run: func(t *testing.T, b backend) {
			m := newMappings(t, b)
			id := m.created(t)
			for _, on := range []bool{false, true} {
				if _, err := m.update(t, lambda.UpdateEventSourceMappingInput{UUID: &id, Enabled: &on}); err != nil {
					t.Fatal(err)
				}
				want := map[bool]string{true: "Enabled", false: "Disabled"}[on]
				if got := m.settled(t, id); *got.State != want {
					t.Errorf("state %s, want %s", *got.State, want)
				}
			}
		}},
		{name: "a deleted mapping is gone after a while", run: func(t *testing.T, b backend) {
			m := newMappings(t, b)
			id := m.created(t)
			out, err := m.delete(t, id)
			if err != nil {
				t.Fatal(err)
			}
			if *out.State != "Deleting" {
				t.Errorf("state %s, want Deleting", *out.State)
			}
			waitFor(t, func() bool { return len(slices.Concat(m.list(t, lambda.ListEventSourceMappingsInput{})...)) == 0 })
			_, err = m.GetEventSourceMapping(t.Context(), &lambda.GetEventSourceMappingInput{UUID: &id})
			wantCode(t, err, "ResourceNotFoundException")
		}},
		{name: "mappings are listed by queue and by function", run: func(t *testing.T, b backend) {
			m := newMappings(t, b)
			other := newQueue(t, b, "q-other").arn(t)
			otherFunction := newFunction(t, b, "g", time.Second)
			first := m.created(t)
			second := m.created(t, func(in *lambda.CreateEventSourceMappingInput) { in.EventSourceArn = &other })
			third := m.created(t, func(in *lambda.CreateEventSourceMappingInput) { in.FunctionName = &otherFunction })
			lists := []struct {
				in   lambda.ListEventSourceMappingsInput
				want []string
			}{
				{lambda.ListEventSourceMappingsInput{}, []string{first, second, third}},
				{lambda.ListEventSourceMappingsInput{EventSourceArn: &m.queueARN}, []string{first, third}},
				{lambda.ListEventSourceMappingsInput{FunctionName: aws.String("f")}, []string{first, second}},
				{lambda.ListEventSourceMappingsInput{FunctionName: &otherFunction}, []string{third}},
				{lambda.ListEventSourceMappingsInput{EventSourceArn: aws.String(m.queueARN + "-none")}, nil},
			}
			for _, l := range lists {
				got := slices.Sorted(slices.Values(slices.Concat(m.list(t, l.in)...)))
				if diff := cmp.Diff(slices.Sorted(slices.Values(l.want)), got); diff != "" {
					t.Errorf("list of %s %s (-want +got):\n%s", aws.ToString(l.in.EventSourceArn), aws.ToString(l.in.FunctionName), diff)
				}
			}
		}},
		{name: "mappings are listed by queue and function together", run: func(t *testing.T, b backend) {
			m := newMappings(t, b)
			otherFunction := newFunction(t, b, "g", time.Second)
			first := m.created(t)
			m.created(t, func(in *lambda.CreateEventSourceMappingInput) { in.FunctionName = &otherFunction })
			got := m.list(t, lambda.ListEventSourceMappingsInput{EventSourceArn: &m.queueARN, FunctionName: &m.function})
			if diff := cmp.Diff([][]string{{first}}, got); diff != "" {
				t.Errorf("list (-want +got):\n%s", diff)
			}
		}, notMoto: "it ignores the function if a queue is given"},
		{name: "a list comes in pages", run: func(t *testing.T, b backend) {
			m := newMappings(t, b)
			var want []string
			for _, name := range []string{"a", "b", "c", "d", "e"} {
				arn := newQueue(t, b, name).arn(t)
				want = append(want, m.created(t, func(in *lambda.CreateEventSourceMappingInput) { in.EventSourceArn = &arn }))
			}
			pages := m.list(t, lambda.ListEventSourceMappingsInput{MaxItems: aws.Int32(2)})
			if diff := cmp.Diff([][]string{want[:2], want[2:4], want[4:]}, pages); diff != "" {
				t.Errorf("pages (-want +got):\n%s", diff)
			}
		}, notMoto: "it ignores MaxItems"},
		{name: "a mapping has tags", run: func(t *testing.T, b backend) {
			m := newMappings(t, b)
			id := m.created(t, func(in *lambda.CreateEventSourceMappingInput) {
				in.Tags = map[string]string{"owner": "drains", "a": "1", "kept": "yes"}
			})
			arn := m.get(t, id).EventSourceMappingArn
			if _, err := m.TagResource(t.Context(), &lambda.TagResourceInput{Resource: arn, Tags: map[string]string{"a": "2", "b": "3"}}); err != nil {
				t.Fatal(err)
			}
			if _, err := m.UntagResource(t.Context(), &lambda.UntagResourceInput{Resource: arn, TagKeys: []string{"owner", "none"}}); err != nil {
				t.Fatal(err)
			}
			out, err := m.ListTags(t.Context(), &lambda.ListTagsInput{Resource: arn})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(map[string]string{"a": "2", "b": "3", "kept": "yes"}, out.Tags); diff != "" {
				t.Errorf("tags (-want +got):\n%s", diff)
			}
		}},
		{name: "a message of the queue is processed and deleted", run: func(t *testing.T, b backend) {
			m := newMappings(t, b)
			m.created(t)
			m.queue.send(t, "hello")
			waitFor(t, func() bool { return m.queue.counts(t) == [3]string{"0", "0", "0"} })
		}},
	})
}
