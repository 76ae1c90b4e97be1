package rotation_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/client/rotation"
	"heroku-drains/lib/local"
	"heroku-drains/lib/local/awslocal"
	"heroku-drains/lib/local/localtest"
)

// A rotation used to leave two drains per app, and never ended, if the log group's class was Infrequent Access.
func TestRotationEndsInInfrequentAccess(t *testing.T) {
	f := newFixtureWith(t, clienttest.Options{System: local.Options{LogClass: types.LogGroupClassInfrequentAccess}}, "blog", "shop")
	for range 2 {
		if result := f.rotate(); !result.NewKey || result.Unverified() > 0 {
			t.Errorf("result %+v", result)
		}
		f.wantCurrent()
	}
}

// Not being allowed to read the log stream is no reason to keep an old drain either: the new password is good.
func TestRotationEndsIfTheLogStreamCannotBeRead(t *testing.T) {
	f := newFixture(t, "blog", "shop")
	f.system.AWS.Inject(awslocal.Fault{
		Service: "logs", Operation: "FilterLogEvents", Status: 400, Code: "AccessDeniedException", Message: "not you",
	})
	result := f.rotate()
	if !result.NewKey || result.Unverified() != 2 || !strings.Contains(result.Apps[0].Err.Error(), "not you") {
		t.Errorf("result %+v", result)
	}
	f.wantCurrent()
	if expected := f.preview(rotation.Options{}); !expected.NewKey || expected.Resumed {
		t.Errorf("the next rotation would not create a key: %+v", expected)
	}
}

func TestRotationWithoutTestLines(t *testing.T) {
	f := newFixture(t, "shop")
	posts := 0
	t.Cleanup(f.system.AWS.OnCall(func(c awslocal.Call) {
		if c.Operation == "SendMessage" {
			posts++
		}
	}))
	result, err := f.Rotate(t.Context(), rotation.Options{SkipVerify: true}, &progress{})
	localtest.Must(t, err)
	if result.Left() > 0 || posts > 0 {
		t.Errorf("%d test lines; result %+v", posts, result)
	}
	f.wantCurrent()
}
