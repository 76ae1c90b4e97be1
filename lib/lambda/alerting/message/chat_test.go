package message_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
)

// custom is the schema of custom notifications, with all members that it has.
// https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
type custom struct {
	Version string `json:"version"`
	Source  string `json:"source"`
	ID      string `json:"id"`
	Content struct {
		TextType    string   `json:"textType"`
		Title       string   `json:"title"`
		Description string   `json:"description"`
		NextSteps   []string `json:"nextSteps"`
		Keywords    []string `json:"keywords"`
	} `json:"content"`
	Metadata struct {
		ThreadID          string            `json:"threadId"`
		Summary           string            `json:"summary"`
		EventType         string            `json:"eventType"`
		RelatedResources  []string          `json:"relatedResources"`
		AdditionalContext map[string]string `json:"additionalContext"`
	} `json:"metadata"`
}

// chat returns what Amazon Q in chat applications gets.
func chat(t *testing.T, n alert.Notification) custom {
	t.Helper()
	var c custom
	d := json.NewDecoder(strings.NewReader(texts(t, n)["https"]))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestChat(t *testing.T) {
	n := composer.Alert(firing())
	c := chat(t, n)
	if c.Version != "1.0" || c.Source != "custom" || c.Content.TextType != "client-markdown" || c.Content.Title != "🚨 "+n.Subject {
		t.Errorf("%+v", c)
	}
	const want = "14 lines since 2026-11-27 12:00:03 UTC, 3 min ago.\n" +
		"The app did not begin its response within 30 seconds, so Heroku answered with 503.\n" +
		"```\n" +
		`12:00:03 heroku[router]: at=error code=H12 desc="Request timeout" method=POST path="/checkout" dyno=web.1 service=30001ms status=503` + "\n" +
		`12:00:09 heroku[router]: at=error code=H12 desc="Request timeout" method=GET path="/cart?id=…" dyno=web.2 service=30000ms status=503` + "\n" +
		"```\n" +
		"Most affected: /checkout, 12 lines\n" +
		"Release v12, deployed 3 min before (2026-11-27 11:57:03 UTC)"
	if diff := cmp.Diff(want, c.Content.Description); diff != "" {
		t.Errorf("description (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{n.Advice, "Show the lines: " + n.LogsURL, "`" + n.Command + "`"}, c.Content.NextSteps); diff != "" {
		t.Errorf("next steps (-want +got):\n%s", diff)
	}
	end := chat(t, composer.Alert(resolved()))
	if end.Metadata.ThreadID != c.Metadata.ThreadID || end.ID == c.ID || !strings.HasPrefix(end.Content.Title, "✅ ") {
		t.Errorf("the end has the thread %s, the ID %s and the title %s", end.Metadata.ThreadID, end.ID, end.Content.Title)
	}
}

// Programs get the whole notification, by each protocol.
func TestPrograms(t *testing.T) {
	n := composer.Alert(firing())
	all := texts(t, n)
	all["https"] = chat(t, n).Metadata.AdditionalContext["notification"]
	for _, protocol := range []string{"sqs", "lambda", "firehose", "email-json", "http", "https"} {
		var got alert.Notification
		if err := json.Unmarshal([]byte(all[protocol]), &got); err != nil {
			t.Fatalf("%s: %v", protocol, err)
		}
		if diff := cmp.Diff(n, got); diff != "" {
			t.Errorf("%s (-sent +read):\n%s", protocol, diff)
		}
	}
	if all["sms"] != n.Subject {
		t.Errorf("SMS %q", all["sms"])
	}
}

// A line of a log cannot call a whole channel, or leave its block of code.
func TestLinesAreInertInChat(t *testing.T) {
	f := firing()
	f.Samples[0].Text = "<!channel> <!here> @here @everyone ```*bold*``` <@U123> &lt;!channel&gt; <https://example.com|click>"
	f.Affected[0].Name = "/<!channel>`"
	c := chat(t, composer.Alert(f))
	for _, bad := range []string{"<", ">", "@h", "@e", "@U", "&"} {
		if strings.Contains(c.Content.Description, bad) {
			t.Errorf("%q in %s", bad, c.Content.Description)
		}
	}
	if n := strings.Count(c.Content.Description, "`"); n != 6 {
		t.Errorf("%d backquotes in %s", n, c.Content.Description)
	}
}

// The largest notifications fit into a message, with all protocols.
func TestTheSizeIsLimited(t *testing.T) {
	large := firing()
	large.Rule.Description, large.Rule.Advice = strings.Repeat("\"é", 500), strings.Repeat("\"é", 500)
	large.Samples, large.PerMinute, large.Affected = nil, nil, nil
	for i := range alert.MaxSamples {
		large.Samples = append(large.Samples, alert.Line{Time: noon, Source: strings.Repeat("\"", 60), Process: strings.Repeat("\\", 60), Text: strings.Repeat("\"<&\\", 75)})
		large.Affected = append(large.Affected, alert.Affected{Name: strings.Repeat("\\", 60), Lines: i}, alert.Affected{Name: strings.Repeat("<", 60), Lines: i})
	}
	for i := range 60 {
		large.PerMinute = append(large.PerMinute, alert.Count{At: noon.Unix() + int64(60*i), Lines: 1 << 40})
	}
	var held []alert.Notification
	for i := range 60 {
		f := resolved()
		f.App, f.ID, f.Rule.Name = strings.Repeat("a", 30), fmt.Sprintf("%020d-resolved", i), strings.Repeat("r", 40)
		f.Rule.Title, f.Samples, f.PerMinute, f.Affected = strings.Repeat("\"", 60), nil, nil, nil
		n := composer.Alert(f)
		n.Description, n.Advice, n.LogsURL, n.Command = "", "", "", ""
		held = append(held, n)
	}
	endless := large
	endless.Rule.Description, endless.Rule.Title = strings.Repeat("x", 1<<17), strings.Repeat("\"", 1<<17)
	for name, n := range map[string]alert.Notification{
		"texts without end": composer.Alert(endless),
		"alert":             composer.Alert(large),
		"digest":            composer.Digest("d-digest", noon, noon.Add(5*time.Minute), held, 1000),
	} {
		m, err := messageOf(n)
		if err != nil {
			t.Fatal(err)
		}
		const most = 256 * 1024
		t.Logf("%s: %d bytes", name, len(m))
		if len(m) > most-1000 { // the attributes count, too
			t.Errorf("%s: %d bytes, SNS takes %d", name, len(m), most)
		}
	}
}
