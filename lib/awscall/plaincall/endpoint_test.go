package plaincall_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"heroku-drains/lib/awscall/itemcall"
	"heroku-drains/lib/awscall/mappingcall"
	"heroku-drains/lib/awscall/streamcall"
)

// chosen is a source of endpoints.
type chosen struct {
	url       string
	fips      aws.FIPSEndpointState
	dualStack aws.DualStackEndpointState
}

func (c chosen) GetServiceBaseEndpoint(context.Context, string) (string, bool, error) {
	return c.url, c.url != "", nil
}

func (c chosen) GetUseFIPSEndpoint(context.Context) (aws.FIPSEndpointState, bool, error) {
	return c.fips, c.fips != 0, nil
}

func (c chosen) GetUseDualStackEndpoint(context.Context) (aws.DualStackEndpointState, bool, error) {
	return c.dualStack, c.dualStack != 0, nil
}

// call makes the same call with a client of this module and with the SDK's.
type call struct {
	ours, theirs func(context.Context, aws.Config) error
}

// calls has a call of each service.
func calls() map[string]call {
	return map[string]call{
		"Lambda": {
			func(ctx context.Context, cfg aws.Config) error {
				_, err := mappingcall.New(cfg).List(ctx, "f", "", "")
				return err
			},
			func(ctx context.Context, cfg aws.Config) error {
				_, err := lambda.NewFromConfig(cfg).ListEventSourceMappings(ctx, &lambda.ListEventSourceMappingsInput{FunctionName: aws.String("f")})
				return err
			},
		},
		"CloudWatch Logs": {
			func(ctx context.Context, cfg aws.Config) error { return streamcall.New(cfg).Create(ctx, "g", "s") },
			func(ctx context.Context, cfg aws.Config) error {
				_, err := cloudwatchlogs.NewFromConfig(cfg).CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("s")})
				return err
			},
		},
		"DynamoDB": {
			func(ctx context.Context, cfg aws.Config) error {
				return itemcall.New(cfg).Put(ctx, itemcall.Put{TableName: "t", Item: itemcall.Item{"k": {S: aws.String("v")}}, ConditionExpression: "attribute_not_exists(k)"})
			},
			func(ctx context.Context, cfg aws.Config) error {
				_, err := dynamodb.NewFromConfig(cfg).PutItem(ctx, &dynamodb.PutItemInput{
					TableName: aws.String("t"), Item: map[string]types.AttributeValue{"k": &types.AttributeValueMemberS{Value: "v"}},
					ConditionExpression: aws.String("attribute_not_exists(k)"), ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
				})
				return err
			},
		},
	}
}

// The clients must call what the SDK's clients call.
func TestEndpoints(t *testing.T) {
	t.Parallel()
	for _, region := range []string{
		"us-east-1", "eu-west-1", "ap-southeast-7", "mx-central-1", "cn-north-1", "cn-northwest-1", "us-gov-west-1", "us-gov-east-1", "us-iso-east-1", "us-isob-east-1",
		"eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1",
	} {
		for name, c := range map[string]chosen{
			"plain": {}, "FIPS": {fips: aws.FIPSEndpointStateEnabled}, "IPv6": {dualStack: aws.DualStackEndpointStateEnabled},
			"both": {fips: aws.FIPSEndpointStateEnabled, dualStack: aws.DualStackEndpointStateEnabled}, "a URL": {url: "http://service.test/"},
		} {
			for _, base := range []*string{nil, aws.String("http://aws.test:1234")} {
				if base != nil && (c.fips != 0 || c.dualStack != 0) {
					continue // the SDK does not combine them
				}
				for service, call := range calls() {
					ours, theirs := sent(t, call.ours, region, c, base), sent(t, call.theirs, region, c, base)
					if theirs != "" && ours != theirs { // not every partition has every kind
						t.Errorf("%s, %s, %s:\n%s\nthe SDK:\n%s", service, region, name, ours, theirs)
					}
				}
			}
		}
	}
}

// sent returns what a call sends: its method, address, scope of the signature, headers that say what is meant, and body; empty if it does not leave.
func sent(t *testing.T, call func(context.Context, aws.Config) error, region string, c chosen, base *string) string {
	t.Helper()
	var sent string
	err := call(t.Context(), aws.Config{
		Region: region, BaseEndpoint: base, ConfigSources: []any{c}, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
		HTTPClient: doer(func(r *http.Request) (*http.Response, error) {
			_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
			key, _, _ := strings.Cut(scope, ",")
			var body any // in which members may have any order
			if r.Body != nil {
				if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
					return nil, err
				}
			}
			text, err := json.Marshal(body)
			sent = strings.Join([]string{
				r.Method, r.URL.String(), strings.SplitN(key, "/", 3)[2], r.Header.Get("X-Amz-Target"), r.Header.Get("Content-Type"), string(text),
			}, " ")
			return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody, Header: http.Header{}}, err
		}),
	})
	if err == nil {
		t.Error("a status of 404 is not an error")
	}
	return sent
}

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }
