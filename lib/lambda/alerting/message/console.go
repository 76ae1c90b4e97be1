package message

import (
	"fmt"
	"strings"
	"time"

	"heroku-drains/lib/alert"
	"heroku-drains/lib/stack"
)

// logsURL returns the link that opens CloudWatch Logs Insights with a query for an app's lines between two times. It is empty if there is no
// console: for the local system, and in Regions whose console's domain is not known.
func (c Composer) logsURL(app string, rule alert.Rule, from, to time.Time) string {
	domain := consoleDomain(c.Region)
	if domain == "" || c.Account == stack.LocalAccountID {
		return ""
	}
	const layout = "2006-01-02T15:04:05.000Z"
	detail := fmt.Sprintf("~(end~'%s~start~'%s~timeType~'ABSOLUTE~tz~'UTC~editorString~'%s~source~(~'%s))",
		consoleText(to.Format(layout)), consoleText(from.Format(layout)), consoleText(c.query(app, rule)), consoleText(c.Names.LogGroup))
	return fmt.Sprintf("https://%s.%s/cloudwatch/home?region=%s#logsV2:logs-insights", c.Region, domain, c.Region) +
		dollars("?queryDetail="+percents(detail))
}

// query returns the query of an app's lines, the oldest first. It reads lines of both formats.
func (c Composer) query(app string, rule alert.Rule) string {
	commands := []string{
		"fields @timestamp, @message",
		fmt.Sprintf("filter @logStream = %q", c.Names.Stream(app)),
	}
	if rule.Kind == alert.Codes && rule.Code != alert.UnknownCode {
		commands = append(commands, fmt.Sprintf("filter @message like %q", rule.Code))
	}
	return strings.Join(append(commands, "sort @timestamp asc", "limit 1000"), "\n| ")
}

// consoleDomain returns the domain of the console, which each partition of AWS has its own of, or "".
// https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-differences.html
// https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-arns.html
func consoleDomain(region string) string {
	switch start, _, _ := strings.Cut(region, "-"); {
	case strings.HasPrefix(region, "us-gov-"):
		return "console.amazonaws-us-gov.com"
	case strings.HasPrefix(region, "us-iso"), start == "eusc", start == "eu" && strings.HasPrefix(region, "eu-iso"), region == "":
		return ""
	case start == "cn":
		return "console.amazonaws.cn"
	}
	return "console.aws.amazon.com"
}

// The console reads its state from the fragment of the URL, in three layers. It is not documented; the console writes such links itself. The
// innermost is a notation like JSON, in which a text is escaped with * instead of %. Around it is the escaping of a query string, and around that
// the same with $ instead of %. What results has no character that ends a link in a mail or in a chat.

// consoleText escapes a text in ASCII.
func consoleText(text string) string { return escape(text, "*%02x", "") }

// percents and dollars escape what is around it.
func percents(text string) string { return escape(text, "%%%02X", "*") }
func dollars(text string) string  { return escape(text, "$%02X", "*") }

// escape writes each byte that is not a letter, a digit, one of "-_." or one of the others in this format.
func escape(text, format, others string) string {
	var b strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-_."+others, c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, format, c)
		}
	}
	return b.String()
}
