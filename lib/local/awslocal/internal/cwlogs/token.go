package cwlogs

import (
	"encoding/base64"
	"encoding/json"
	"time"
)

// tokenLife is how long a page's token is good for.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html
const tokenLife = 24 * time.Hour

// token leads from one page to the next. GetLogEvents has its own, whose form is known.
type token struct {
	Operation string
	Key       string // of the page's last item
	Issued    int64
}

// issue makes the token for what comes after key.
func (s *Service) issue(operation, key string) string {
	text, err := json.Marshal(token{Operation: operation, Key: key, Issued: s.now()})
	if err != nil {
		panic(err) // two texts and a number
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// redeem returns the key of a token that an operation has issued in the last 24 hours; "" without a token.
func (s *Service) redeem(operation string, text *string) (string, error) {
	if text == nil {
		return "", nil
	}
	decoded, err := base64.RawURLEncoding.DecodeString(*text)
	if err != nil {
		return "", invalidToken()
	}
	var t token
	if json.Unmarshal(decoded, &t) != nil || t.Operation != operation || s.now()-t.Issued > tokenLife.Milliseconds() {
		return "", invalidToken()
	}
	return t.Key, nil
}
