package message_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/drain"
	"heroku-drains/lib/lambda/alerting/message"
)

// A link that the console wrote itself has this form, found in public repositories, such as No-Backspace-Crew/Speedrun, cookbook/CWLInsights.md.
func TestTheLinkOpensLogsInsights(t *testing.T) {
	const want = `https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:logs-insights$3FqueryDetail$3D$257E$2528` +
		`end$257E$25272026-11-27T12*3a03*3a00.000Z$257Estart$257E$25272026-11-27T12*3a00*3a00.000Z$257EtimeType$257E$2527ABSOLUTE$257Etz$257E$2527UTC` +
		`$257EeditorString$257E$2527fields*20*40timestamp*2c*20*40message*0a*7c*20filter*20*40logStream*20*3d*20*22*5bAPP*5dshop*22` +
		`*0a*7c*20filter*20*40message*20like*20*22H12*22*0a*7c*20sort*20*40timestamp*20asc*0a*7c*20limit*201000` +
		`$257Esource$257E$2528$257E$2527*2fheroku*2fapps$2529$2529`
	if diff := cmp.Diff(want, composer.Alert(firing()).LogsURL); diff != "" {
		t.Errorf("link (-want +got):\n%s", diff)
	}
}

// The console reads the layers of the link one by one. No character in it ends a link that a mail program or Slack recognizes in a text.
func TestTheLinkCanBeRead(t *testing.T) {
	c := composer
	c.Names = drain.Names{LogGroup: "/logs/a.b_c-d#1", StreamPrefix: `a+b/(x)"~'*$%`}
	f := firing()
	f.Rule.Kind = alert.Slow
	link := c.Alert(f).LogsURL
	if bad := regexp.MustCompile(`[^A-Za-z0-9:/?=#$*._-]`).FindString(link); bad != "" {
		t.Errorf("%q in the link %s", bad, link)
	}
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	query, err := url.PathUnescape(strings.ReplaceAll(strings.TrimPrefix(u.Fragment, "logsV2:logs-insights"), "$", "%"))
	if err != nil {
		t.Fatal(err)
	}
	detail, err := url.PathUnescape(strings.TrimPrefix(query, "?queryDetail="))
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`^~\(end~'(.*)~start~'(.*)~timeType~'ABSOLUTE~tz~'UTC~editorString~'(.*)~source~\(~'(.*)\)\)$`).FindStringSubmatch(detail)
	if text == nil {
		t.Fatalf("the link says %s", detail)
	}
	for i := range text {
		if text[i], err = url.PathUnescape(strings.ReplaceAll(text[i], "*", "%")); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"2026-11-27T12:03:00.000Z", "2026-11-27T12:00:00.000Z",
		"fields @timestamp, @message\n| filter @logStream = \"a+b/(x)\\\"~'*$%shop\"\n| sort @timestamp asc\n| limit 1000", "/logs/a.b_c-d#1",
	}
	if diff := cmp.Diff(want, text[1:]); diff != "" {
		t.Errorf("what the console reads (-want +got):\n%s", diff)
	}
}

func TestTheLinkIsOfTheRegion(t *testing.T) {
	for region, want := range map[string]string{
		"us-east-1":       "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#",
		"cn-north-1":      "https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#",
		"us-gov-west-1":   "https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#",
		"us-iso-east-1":   "",
		"us-isob-east-1":  "",
		"eu-isoe-west-1":  "",
		"eusc-de-east-1":  "",
		"":                "",
		"ap-southeast-99": "https://ap-southeast-99.console.aws.amazon.com/cloudwatch/home?region=ap-southeast-99#",
	} {
		c := composer
		c.Region = region
		if got := c.Alert(firing()).LogsURL; !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s: %s, want %s", region, got, want)
		}
	}
}

func TestCommands(t *testing.T) {
	slow := firing()
	slow.Rule.Kind = alert.Slow
	other, local := composer, composer
	other.Stack, local.Account = "Staging", "000000000000"
	const times = " --since 2026-11-27T12:00:00Z --until 2026-11-27T12:03:00Z"
	for want, n := range map[string]alert.Notification{
		"heroku-drains-cli logs -a shop" + times:                       composer.Alert(firing()),
		"heroku-drains-cli logs -a shop" + times + " --process router": composer.Alert(slow),
		"heroku-drains-cli --stack Staging logs -a shop" + times:       other.Alert(firing()),
		"heroku-drains-cli --local logs -a shop" + times:               local.Alert(firing()),
	} {
		if n.Command != want {
			t.Errorf("command %q, want %q", n.Command, want)
		}
	}
	if link := local.Alert(firing()).LogsURL; link != "" {
		t.Errorf("the local system has no console, but the link %s", link)
	}
	if c := (message.Composer{}).Test("id", "example", noon); c.LogsURL != "" {
		t.Errorf("a test has the link %s", c.LogsURL)
	}
}
