package doctor

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// stsAPI is the part of AWS STS that is used here: *sts.Client implements it.
type stsAPI interface {
	GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error)
}

const (
	// maxSkew is how far a clock may be off before AWS rejects signatures.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
	maxSkew = 5 * time.Minute
	// notableSkew is greater than the precision of the Date header, one second, plus the duration of a request.
	notableSkew = 30 * time.Second
)

// credentials returns the ARN of the caller, and compares this machine's clock with AWS's: the SDK's clients correct a wrong clock, but
// requests to the drains API do not.
func (e examiner) credentials(ctx context.Context, client stsAPI) (identity string, findings []Finding) {
	out, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		fix := "sign in (`aws sso login` or `aws configure`), or choose another --profile"
		if e.Local {
			fix = e.startFix()
		}
		return "", []Finding{e.failed(Finding{Check: CheckCredentials, Fix: fix}, "get the caller identity", err)}
	}
	theirs, sent := middleware.GetServerTime(out.ResultMetadata)
	ours, received := middleware.GetResponseAt(out.ResultMetadata)
	if sent && received {
		findings = clock(ours.Sub(theirs))
	}
	return aws.ToString(out.Arn), findings
}

// clock reports by how much this machine's clock is ahead of AWS's, if that matters.
func clock(ahead time.Duration) []Finding {
	direction := "ahead of"
	if ahead < 0 {
		ahead, direction = -ahead, "behind"
	}
	if ahead < notableSkew {
		return nil
	}
	f := Finding{
		Severity: Warning, Check: CheckClock,
		What: fmt.Sprintf("this machine's clock is %s %s AWS's", ahead.Round(time.Second), direction),
		Fix:  "synchronize the clock, for example with NTP",
	}
	if ahead >= maxSkew {
		f.Severity = Error
		f.What += ": AWS rejects requests that are signed more than 5 minutes off"
	}
	return []Finding{f}
}
