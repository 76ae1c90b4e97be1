package awslocal_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/google/go-cmp/cmp"
)

// testSecret is a secret and a client for it.
type testSecret struct {
	*secretsmanager.Client
	id, arn *string
}

const secretName = "heroku-drains/signing-key"

func newSecret(t *testing.T, b backend, value string) testSecret {
	t.Helper()
	client := secretsmanager.NewFromConfig(b.config)
	out, err := client.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: aws.String(secretName), SecretString: aws.String(value)})
	if err != nil {
		t.Fatal(err)
	}
	return testSecret{client, out.Name, out.ARN}
}

// put adds a version and returns its ID.
func (s testSecret) put(t *testing.T, value string, stages ...string) string {
	t.Helper()
	out, err := s.PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{
		SecretId: s.id, SecretString: aws.String(value), VersionStages: stages,
	})
	if err != nil {
		t.Fatal(err)
	}
	return *out.VersionId
}

func (s testSecret) get(t *testing.T, in secretsmanager.GetSecretValueInput) (string, error) {
	t.Helper()
	if in.SecretId == nil {
		in.SecretId = s.id
	}
	out, err := s.GetSecretValue(t.Context(), &in)
	if err != nil {
		return "", err
	}
	return aws.ToString(out.SecretString), nil
}

// stages returns the values of AWSCURRENT and AWSPREVIOUS, each "" if there is no such version.
func (s testSecret) stages(t *testing.T) [2]string {
	t.Helper()
	var values [2]string
	for i, stage := range []string{"AWSCURRENT", "AWSPREVIOUS"} {
		value, err := s.get(t, secretsmanager.GetSecretValueInput{VersionStage: aws.String(stage)})
		if _, missing := errors.AsType[*types.ResourceNotFoundException](err); err != nil && !missing {
			t.Fatal(err)
		}
		values[i] = value
	}
	return values
}

func (s testSecret) move(t *testing.T, stage, from, to string) error {
	t.Helper()
	in := &secretsmanager.UpdateSecretVersionStageInput{SecretId: s.id, VersionStage: aws.String(stage)}
	if from != "" {
		in.RemoveFromVersionId = aws.String(from)
	}
	if to != "" {
		in.MoveToVersionId = aws.String(to)
	}
	_, err := s.UpdateSecretVersionStage(t.Context(), in)
	return err
}

func (s testSecret) delete(t *testing.T, in secretsmanager.DeleteSecretInput) error {
	t.Helper()
	in.SecretId = s.id
	_, err := s.DeleteSecret(t.Context(), &in)
	return err
}

func TestSecrets(t *testing.T) {
	conform(t, []check{
		{name: "found by name, ARN and ARN without its suffix", run: func(t *testing.T, b backend) {
			s := newSecret(t, b, "one")
			prefix := "arn:aws:secretsmanager:us-east-1:" + b.account + ":secret:" + secretName
			if !strings.HasPrefix(*s.arn, prefix+"-") || len(*s.arn) != len(prefix)+len("-abcdef") {
				t.Errorf("ARN %s", *s.arn)
			}
			for _, id := range []string{secretName, *s.arn, prefix} {
				if got, err := s.get(t, secretsmanager.GetSecretValueInput{SecretId: &id}); got != "one" {
					t.Errorf("%s: %q, %v", id, got, err)
				}
			}
			_, err := s.get(t, secretsmanager.GetSecretValueInput{SecretId: aws.String("absent")})
			wantCode(t, err, "ResourceNotFoundException")
		}},
		{name: "a new value makes the old one AWSPREVIOUS", run: func(t *testing.T, b backend) {
			s := newSecret(t, b, "one")
			if got := s.stages(t); got != [2]string{"one", ""} {
				t.Errorf("at first %q", got)
			}
			s.put(t, "two")
			if got := s.stages(t); got != [2]string{"two", "one"} {
				t.Errorf("then %q", got)
			}
			s.put(t, "three")
			if got := s.stages(t); got != [2]string{"three", "two"} {
				t.Errorf("finally %q", got)
			}
			if got, err := s.get(t, secretsmanager.GetSecretValueInput{}); got != "three" {
				t.Errorf("without a stage %q, %v", got, err)
			}
		}},
		{name: "a value can have a stage of its own", run: func(t *testing.T, b backend) {
			s := newSecret(t, b, "one")
			pending := s.put(t, "two", "AWSPENDING")
			if got := s.stages(t); got != [2]string{"one", ""} {
				t.Errorf("stages %q", got)
			}
			if got, err := s.get(t, secretsmanager.GetSecretValueInput{VersionId: &pending}); got != "two" {
				t.Errorf("by version %q, %v", got, err)
			}
		}},
		{name: "moving AWSCURRENT", run: func(t *testing.T, b backend) {
			s := newSecret(t, b, "one")
			two := s.put(t, "two", "AWSPENDING")
			current, err := s.GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: s.id})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.move(t, "AWSCURRENT", *current.VersionId, two); err != nil {
				t.Fatal(err)
			}
			if got := s.stages(t); got != [2]string{"two", "one"} {
				t.Errorf("moved: %q", got)
			}
			if err := s.move(t, "AWSCURRENT", two, *current.VersionId); err != nil {
				t.Fatal(err)
			}
			if got := s.stages(t); got != [2]string{"one", "two"} {
				t.Errorf("moved back: %q", got)
			}
		}},
		{name: "moves that are rejected", notMoto: "it has other codes, or moves the stage", run: func(t *testing.T, b backend) {
			s := newSecret(t, b, "one")
			two := s.put(t, "two")
			three := s.put(t, "three", "AWSPENDING")
			wantCode(t, s.move(t, "AWSCURRENT", "", three), "InvalidParameterException")     // without the version that has it
			wantCode(t, s.move(t, "AWSCURRENT", three, two), "InvalidParameterException")    // from a version that does not have it
			wantCode(t, s.move(t, "AWSCURRENT", two, ""), "InvalidParameterException")       // cannot be removed
			wantCode(t, s.move(t, "AWSCURRENT", "", ""), "InvalidParameterException")        // neither from nor to a version
			wantCode(t, s.move(t, "AWSCURRENT", two, "absent"), "ResourceNotFoundException") // to a version that does not exist
			if got := s.stages(t); got != [2]string{"two", "one"} {
				t.Errorf("stages %q after the moves, want two, one as before", got)
			}
		}},
		{name: "the same token is the same version", run: func(t *testing.T, b backend) {
			s := newSecret(t, b, "one")
			token := aws.String("00000000-0000-0000-0000-000000000002")
			put := func(value string) error {
				_, err := s.PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{
					SecretId: s.id, SecretString: &value, ClientRequestToken: token,
				})
				return err
			}
			for range 2 {
				if err := put("two"); err != nil {
					t.Fatal(err)
				}
			}
			if got := s.stages(t); got != [2]string{"two", "one"} {
				t.Errorf("stages %q", got)
			}
			wantCode(t, put("three"), "ResourceExistsException")
		}},
		{name: "bytes", run: func(t *testing.T, b backend) {
			client := secretsmanager.NewFromConfig(b.config)
			want := []byte{0, 1, 255}
			if _, err := client.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: aws.String("b"), SecretBinary: want}); err != nil {
				t.Fatal(err)
			}
			got, err := client.GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: aws.String("b")})
			if err != nil || got.SecretString != nil {
				t.Fatal(got, err)
			}
			if diff := cmp.Diff(want, got.SecretBinary); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "described", run: func(t *testing.T, b backend) {
			s := newSecret(t, b, "one")
			two := s.put(t, "two")
			out, err := s.DescribeSecret(t.Context(), &secretsmanager.DescribeSecretInput{SecretId: s.id})
			if err != nil {
				t.Fatal(err)
			}
			if *out.ARN != *s.arn || *out.Name != secretName || out.CreatedDate == nil || out.DeletedDate != nil {
				t.Errorf("described as %+v", out)
			}
			if len(out.VersionIdsToStages) != 2 {
				t.Errorf("versions %v", out.VersionIdsToStages)
			}
			if diff := cmp.Diff([]string{"AWSCURRENT"}, out.VersionIdsToStages[two]); diff != "" {
				t.Error(diff)
			}
		}},
		{name: "a secret without a value", run: func(t *testing.T, b backend) {
			client := secretsmanager.NewFromConfig(b.config)
			out, err := client.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: aws.String("empty")})
			if err != nil {
				t.Fatal(err)
			}
			s := testSecret{client, out.Name, out.ARN}
			_, err = s.get(t, secretsmanager.GetSecretValueInput{})
			wantCode(t, err, "ResourceNotFoundException")
			s.put(t, "one", "MINE")
			if got := s.stages(t); got != [2]string{"one", ""} {
				t.Errorf("the first value is not AWSCURRENT: %q", got)
			}
		}},
		{name: "deleted with a recovery window", notMoto: needsClock, run: func(t *testing.T, b backend) {
			s := newSecret(t, b, "one")
			if err := s.delete(t, secretsmanager.DeleteSecretInput{RecoveryWindowInDays: aws.Int64(7)}); err != nil {
				t.Fatal(err)
			}
			_, err := s.get(t, secretsmanager.GetSecretValueInput{})
			wantCode(t, err, "InvalidRequestException")
			_, err = s.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: aws.String(secretName), SecretString: aws.String("x")})
			wantCode(t, err, "InvalidRequestException")
			b.server.Advance(7 * 24 * time.Hour)
			_, err = s.get(t, secretsmanager.GetSecretValueInput{})
			wantCode(t, err, "ResourceNotFoundException")
		}},
		{name: "deleted at once", run: func(t *testing.T, b backend) {
			s := newSecret(t, b, "one")
			if err := s.delete(t, secretsmanager.DeleteSecretInput{ForceDeleteWithoutRecovery: aws.Bool(true)}); err != nil {
				t.Fatal(err)
			}
			_, err := s.get(t, secretsmanager.GetSecretValueInput{})
			wantCode(t, err, "ResourceNotFoundException")
		}},
	})
}

func TestSecretsLimits(t *testing.T) {
	with := func(in secretsmanager.CreateSecretInput) func(*testing.T, testSecret) error {
		return func(t *testing.T, s testSecret) error {
			_, err := s.CreateSecret(t.Context(), &in)
			return err
		}
	}
	create := func(name, value string) func(*testing.T, testSecret) error {
		return with(secretsmanager.CreateSecretInput{Name: &name, SecretString: &value})
	}
	var checks []check
	for _, c := range []struct {
		name, code, notMoto string
		try                 func(*testing.T, testSecret) error
	}{
		{"a name in use", "ResourceExistsException", "", create(secretName, "other")},
		{"a name with a space", "InvalidParameterException", "it accepts any name", create("a b", "x")},
		{"a value of 65,536 bytes", "", "", create("a", strings.Repeat("x", 65_536))},
		{"a value of 65,537 bytes", "InvalidParameterException", "it accepts any size", create("a", strings.Repeat("x", 65_537))},
		{"a token of 31 characters", "InvalidParameterException", "", with(secretsmanager.CreateSecretInput{
			Name: aws.String("a"), SecretString: aws.String("x"), ClientRequestToken: aws.String(strings.Repeat("t", 31)),
		})},
		{"text and bytes", "InvalidParameterException", "it accepts both", with(secretsmanager.CreateSecretInput{
			Name: aws.String("a"), SecretString: aws.String("x"), SecretBinary: []byte("x"),
		})},
		{"a put without a value", "InvalidRequestException", "", func(t *testing.T, s testSecret) error {
			_, err := s.PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{SecretId: s.id})
			return err
		}},
		{"a version with another version's stage", "InvalidRequestException", "", func(t *testing.T, s testSecret) error {
			two := s.put(t, "two")
			_, err := s.get(t, secretsmanager.GetSecretValueInput{VersionId: &two, VersionStage: aws.String("AWSPREVIOUS")})
			return err
		}},
		{"a recovery window of 6 days", "InvalidParameterException", "", func(t *testing.T, s testSecret) error {
			return s.delete(t, secretsmanager.DeleteSecretInput{RecoveryWindowInDays: aws.Int64(6)})
		}},
		{"a recovery window and no recovery", "InvalidParameterException", "", func(t *testing.T, s testSecret) error {
			return s.delete(t, secretsmanager.DeleteSecretInput{RecoveryWindowInDays: aws.Int64(7), ForceDeleteWithoutRecovery: aws.Bool(true)})
		}},
		{"an option that is not supported", "SerializationException", "it accepts the option and does nothing", with(secretsmanager.CreateSecretInput{
			Name: aws.String("a"), SecretString: aws.String("x"), KmsKeyId: aws.String("k"),
		})},
	} {
		checks = append(checks, check{name: c.name, notMoto: c.notMoto, run: func(t *testing.T, b backend) {
			err := c.try(t, newSecret(t, b, "one"))
			if c.code != "" {
				wantCode(t, err, c.code)
			} else if err != nil {
				t.Errorf("rejected: %v", err)
			}
		}})
	}
	conform(t, checks)
}
