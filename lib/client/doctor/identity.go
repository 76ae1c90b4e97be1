package doctor

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// STS tells who is calling: an sts.Client.
type STS interface {
	GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error)
}

const (
	// maxSkew is by how much a clock may differ before AWS turns signatures down.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
	maxSkew = 5 * time.Minute
	// notableSkew is more than the seconds that an answer's Date header is exact to and a request takes.
	notableSkew = 30 * time.Second
)

// Credentials asks AWS who is calling, and compares its clock with this machine's: AWS's client makes up for a wrong one, requests to
// the drains API do not.
func (d Doctor) Credentials(ctx context.Context, client STS) (who string, findings []Finding) {
	out, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		fix := "sign in (`aws sso login`, `aws configure`), or choose another --profile"
		if d.Local {
			fix = d.start()
		}
		return "", []Finding{failed("credentials", "ask AWS who is calling", err, fix)}
	}
	theirs, told := middleware.GetServerTime(out.ResultMetadata)
	ours, received := middleware.GetResponseAt(out.ResultMetadata)
	if told && received {
		findings = d.clock(ours.Sub(theirs))
	}
	return aws.ToString(out.Arn), findings
}

// clock judges by how much this machine's clock is ahead of AWS's.
func (d Doctor) clock(ahead time.Duration) []Finding {
	direction := "ahead of"
	if ahead < 0 {
		ahead, direction = -ahead, "behind"
	}
	if ahead < notableSkew {
		return nil
	}
	f := Finding{
		Severity: Warning, Check: "clock",
		What: fmt.Sprintf("this machine's clock is %s %s AWS's", ahead.Round(time.Second), direction),
		Fix:  "set the clock, by NTP",
	}
	if ahead >= maxSkew {
		f.Severity = Error
		f.What += ", and AWS turns down what is signed more than 5 minutes off"
	}
	return []Finding{f}
}
