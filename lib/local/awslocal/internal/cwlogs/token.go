package cwlogs

import (
	"encoding/base64"
	"encoding/json"
	"time"
)

// tokenLife is how long a token is valid.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html
const tokenLife = 24 * time.Hour

// token is the content of a nextToken. GetLogEvents has tokens of another form, because AWS's is known.
type token struct {
	Operation string
	Key       string // of the page's last item
	Issued    int64  // milliseconds
}

// issue returns a token for the page after key.
func (s *Service) issue(operation, key string) string {
	text, err := json.Marshal(token{Operation: operation, Key: key, Issued: s.now()})
	if err != nil {
		panic(err) // cannot happen: strings and numbers always marshal
	}
	return encodeToken(string(text))
}

func encodeToken(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// redeem returns the key of a token, or "" if text is nil. It fails unless the same operation issued the token in the last 24 hours.
func (s *Service) redeem(operation string, text *string) (string, error) {
	return s.redeemFor(tokenLife, operation, text)
}

// redeemFor is redeem for tokens that are valid for another time.
func (s *Service) redeemFor(life time.Duration, operation string, text *string) (string, error) {
	if text == nil {
		return "", nil
	}
	decoded, err := base64.RawURLEncoding.DecodeString(*text)
	if err != nil {
		return "", invalidToken()
	}
	var t token
	if json.Unmarshal(decoded, &t) != nil || t.Operation != operation || s.now()-t.Issued > life.Milliseconds() {
		return "", invalidToken()
	}
	return t.Key, nil
}
