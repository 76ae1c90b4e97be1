package matrix

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"heroku-drains/lib/envelope"
	"heroku-drains/lib/local/awslocal"
)

// sent is what SQS has got from the drains function: it tells the copies that were sent from those that were stored again for another reason.
type sent struct {
	mu       sync.Mutex
	messages []string // as the function sends them
}

// note is for awslocal.Server.OnDone.
func (s *sent) note(c awslocal.DoneCall) {
	if c.AccessKeyID != drains || c.Operation != "SendMessage" || c.Status != http.StatusOK {
		return
	}
	var in struct{ MessageBody string }
	if json.Unmarshal(c.Input, &in) != nil {
		return // SQS would have refused it
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, in.MessageBody)
}

// copies returns how many copies SQS has got of the POSTs of an app, beyond the first message of each part, by frame ID.
func (s *sent) copies(app string) (map[string]int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	parts, copies := map[string]int{}, map[string]int{}
	for _, m := range s.messages {
		env, err := envelope.Open(m)
		if err != nil {
			return nil, fmt.Errorf("read what the drains function has sent: %w", err)
		}
		if env.App != app {
			continue
		}
		frame := strings.ReplaceAll(env.FrameID, "-", "") // in a Private Space, it is the request ID, which has the same digits
		part := fmt.Sprint(frame, " ", env.Part)
		copies[frame] = max(copies[frame], parts[part])
		parts[part]++
	}
	return copies, nil
}
