package provision_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heroku-drains/lib/drain"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// act is a call of a Manager while the app old has a drain.
type act struct {
	do     func(*stack, *testing.T) error
	leaves []string // the inventory afterwards
}

var (
	onlyOld   = []string{"mapping APP_old Enabled", "queue APP_old", "stream [APP]old"}
	oldAndNew = []string{
		"mapping APP_old Enabled", "mapping APP_shop Enabled", "queue APP_old", "queue APP_shop", "stream [APP]old", "stream [APP]shop",
	}
)

// operations are all operations that a Manager calls, each with an act that leads to it.
var operations = map[string]act{
	"GetQueueUrl":              {putNew, oldAndNew},
	"DescribeLogStreams":       {putNew, oldAndNew},
	"ListEventSourceMappings":  {putNew, oldAndNew},
	"CreateQueue":              {putNew, oldAndNew},
	"CreateLogStream":          {putNew, oldAndNew},
	"CreateEventSourceMapping": {putNew, oldAndNew},
	"GetQueueAttributes":       {changeOld, onlyOld},
	"ListQueueTags":            {changeOld, onlyOld},
	"SetQueueAttributes":       {changeOld, onlyOld},
	"TagQueue":                 {changeOld, onlyOld},
	"UpdateEventSourceMapping": {changeOld, onlyOld},
	"ListQueues":               {listDrains, onlyOld},
	"DeleteEventSourceMapping": {deleteOld, []string{}},
	"DeleteQueue":              {deleteOld, []string{}},
	"DeleteLogStream":          {deleteOld, []string{}},
}

func putNew(s *stack, t *testing.T) error {
	_, _, err := s.Put(t.Context(), "shop", drain.Patch{})
	return err
}

// changeOld changes everything about the drain of the app old.
func changeOld(s *stack, t *testing.T) error {
	cfg := s.cfg
	cfg.MaxReceiveCount = 9
	_, _, err := s.manager(cfg).Put(t.Context(), "old", drain.Patch{Format: new("json"), BatchSize: new(3)})
	return err
}

func listDrains(s *stack, t *testing.T) error {
	_, _, err := s.List(t.Context(), "", drain.IncludeCounts, drain.IncludeSettings)
	return err
}

func deleteOld(s *stack, t *testing.T) error {
	_, err := s.Delete(t.Context(), "old", drain.DeleteOptions{})
	return err
}

func TestASingleFaultIsRetried(t *testing.T) {
	t.Parallel()
	faults := map[string]awslocal.Fault{
		"5xx":                 {Status: http.StatusInternalServerError, Code: "InternalFailure"},
		"throttled":           {Status: http.StatusBadRequest, Code: "ThrottlingException"},
		"too many requests":   {Status: http.StatusTooManyRequests, Code: "TooManyRequestsException"},
		"cut off":             {Drop: awslocal.DropBefore},
		"done, response lost": {Drop: awslocal.DropAfter},
	}
	for operation, act := range operations {
		for name, fault := range faults {
			t.Run(operation+"/"+name, func(t *testing.T) {
				t.Parallel()
				s := newStack(t, 0)
				put(t, s.Manager, "old", "")
				fault.Operation, fault.Times = operation, 1
				s.server.Inject(fault)
				localtest.Must(t, act.do(s, t))
				if diff := cmp.Diff(act.leaves, s.inventory(t)); diff != "" {
					t.Errorf("on AWS (-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestAnOutageIsReportedAndALaterCallRepairs(t *testing.T) {
	t.Parallel()
	for operation, act := range operations {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			s := newStack(t, 0)
			put(t, s.Manager, "old", "")
			s.called()
			remove := s.server.Inject(awslocal.Fault{Operation: operation, Status: http.StatusInternalServerError, Code: "InternalFailure"})
			err := act.do(s, t)
			if refusal, ok := errors.AsType[*drain.Error](err); err == nil || ok {
				t.Fatalf("error = %v (%v), want AWS's", err, refusal)
			}
			if !strings.Contains(err.Error(), operation) || !strings.Contains(err.Error(), "InternalFailure") {
				t.Errorf("error = %q, want the operation and the cause", err)
			}
			remove()
			localtest.Must(t, act.do(s, t))
			if diff := cmp.Diff(act.leaves, s.inventory(t)); diff != "" {
				t.Errorf("on AWS (-want +got):\n%s", diff)
			}
		})
	}
}

// noQueueYet is Lambda's message for a queue that it does not see yet.
const noQueueYet = "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue."

func TestRefusalsByAWS(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, operation, code, message string
		once                           bool
		want                           string // the code of the error; empty: it succeeds
	}{
		{"another created the queue", "CreateQueue", "com.amazonaws.sqs#QueueNameExists", "", true, ""},
		{"a queue that never appears", "CreateQueue", "com.amazonaws.sqs#QueueNameExists", "", false, drain.DrainBusy},
		{"the name is blocked", "CreateQueue", "com.amazonaws.sqs#QueueDeletedRecently", "", false, drain.QueueDeletedRecently},
		{"another created the stream", "CreateLogStream", "ResourceAlreadyExistsException", "", false, ""},
		{"another created the mapping", "CreateEventSourceMapping", "ResourceConflictException", "", true, ""},
		{"a mapping that never appears", "CreateEventSourceMapping", "ResourceConflictException", "", false, drain.DrainBusy},
		{"a queue that Lambda does not see yet", "CreateEventSourceMapping", "InvalidParameterValueException", noQueueYet, true, ""},
		{"a queue that Lambda never sees", "CreateEventSourceMapping", "InvalidParameterValueException", noQueueYet, false, drain.DrainBusy},
		{"the mapping is in use", "CreateEventSourceMapping", "ResourceInUseException", "", false, drain.DrainBusy},
		{"the queue was deleted, attributes", "SetQueueAttributes", "com.amazonaws.sqs#QueueDoesNotExist", "", true, ""},
		{"the queue was deleted, tags", "TagQueue", "com.amazonaws.sqs#QueueDoesNotExist", "", true, ""},
		{"the mapping was deleted", "UpdateEventSourceMapping", "ResourceNotFoundException", "", true, ""},
		{"the mapping is in use, update", "UpdateEventSourceMapping", "ResourceInUseException", "", false, drain.DrainBusy},
		{"the mapping is in use, delete", "DeleteEventSourceMapping", "ResourceInUseException", "", false, drain.DrainBusy},
		{"the mapping does not exist", "DeleteEventSourceMapping", "ResourceNotFoundException", "", false, ""},
		{"the queue does not exist", "DeleteQueue", "com.amazonaws.sqs#QueueDoesNotExist", "", false, ""},
		{"the stream does not exist", "DeleteLogStream", "ResourceNotFoundException", "", false, ""},
		{"the stream is being changed", "DeleteLogStream", "OperationAbortedException", "", false, drain.DrainBusy},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newStack(t, 0)
			put(t, s.Manager, "old", "")
			fault := awslocal.Fault{Operation: test.operation, Status: http.StatusBadRequest, Code: test.code, Message: test.message}
			if test.once {
				fault.Times = 1
			}
			s.server.Inject(fault)
			err := operations[test.operation].do(s, t)
			if test.want == "" {
				localtest.Must(t, err)
				return
			}
			if refusal := wantError(t, err, test.want); refusal.RetryAfter == 0 {
				t.Error("the error does not say when to try again")
			}
		})
	}
}

// Put reports that it created the drain even if Lambda does not see the new queue at first.
func TestPutReportsCreatedAfterRetries(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	s.server.Inject(awslocal.Fault{
		Operation: "CreateEventSourceMapping", Times: 2, Status: http.StatusBadRequest, Code: "InvalidParameterValueException", Message: noQueueYet,
	})
	if _, created := put(t, s.Manager, "shop", ""); !created {
		t.Error("created = false")
	}
}

// A queue that is deleted between the list and the look-up of its details counts as missing.
func TestAQueueDeletedDuringTheLookup(t *testing.T) {
	t.Parallel()
	s := newStack(t, 0)
	put(t, s.Manager, "shop", "")
	for _, operation := range []string{"GetQueueAttributes", "ListQueueTags"} {
		remove := s.server.Inject(awslocal.Fault{Operation: operation, Status: http.StatusBadRequest, Code: "com.amazonaws.sqs#QueueDoesNotExist"})
		if d := get(t, s.Manager, "shop"); d.Queue != nil || d.State != drain.Partial {
			t.Errorf("%s: Get = %s with queue %v", operation, d.State, d.Queue)
		}
		drains, _, err := s.List(t.Context(), "", drain.IncludeCounts, drain.IncludeSettings)
		localtest.Must(t, err)
		if len(drains) != 1 || drains[0].Queue != nil {
			t.Errorf("%s: List = %v", operation, drains)
		}
		remove()
	}
	s.createOurQueue(t, "lonely")
	s.server.Inject(awslocal.Fault{Operation: "ListQueueTags", Status: http.StatusBadRequest, Code: "com.amazonaws.sqs#QueueDoesNotExist"})
	drains, _, err := s.List(t.Context(), "", drain.IncludeCounts, drain.IncludeSettings)
	localtest.Must(t, err)
	if len(drains) != 1 || drains[0].App != "shop" {
		t.Errorf("List = %v, want only shop", drains)
	}
}
