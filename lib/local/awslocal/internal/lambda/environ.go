package lambda

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"heroku-drains/lib/local/awslocal/internal/awsapi"
)

// maxEnv is the maximum total size of a function's own environment variables, in bytes.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxEnv = 4 * 1024

// reserved lists the environment variables that functions cannot set.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
var reserved = []string{
	"_HANDLER", "_X_AMZN_TRACE_ID",
	"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION",
	"AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
	"AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API",
	"LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT",
}

// checkEnv rejects environment variables that Lambda would reject.
func checkEnv(env map[string]string) error {
	size := 0
	for name, value := range env {
		if slices.Contains(reserved, name) {
			return fmt.Errorf("the environment variable %s is reserved for Lambda", name)
		}
		size += len(name) + len(value)
	}
	if size > maxEnv {
		return fmt.Errorf("the environment variables have %d bytes, the maximum is %d", size, maxEnv)
	}
	return nil
}

// environ returns the environment of a new process: Lambda's variables, the endpoint of the embedded AWS, and the function's own variables.
// It contains nothing from this process's environment, which would not be there on AWS either.
func (s *Service) environ(f *Function, secret string) []string {
	environ := []string{
		"AWS_ACCESS_KEY_ID=" + f.AccessKeyID,
		"AWS_DEFAULT_REGION=" + s.config.Account.Region,
		"AWS_ENDPOINT_URL=" + s.config.Endpoint,
		"AWS_EXECUTION_ENV=AWS_Lambda_provided.al2023",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=" + strconv.Itoa(f.MemoryMB),
		"AWS_LAMBDA_FUNCTION_NAME=" + f.Name,
		"AWS_LAMBDA_FUNCTION_VERSION=" + latest,
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_LAMBDA_LOG_FORMAT=JSON",
		"AWS_LAMBDA_LOG_GROUP_NAME=" + LogGroup(f.Name),
		streamVariable + s.logStream(),
		"AWS_REGION=" + s.config.Account.Region,
		"AWS_SECRET_ACCESS_KEY=" + secret,
		"LAMBDA_TASK_ROOT=" + filepath.Dir(f.Binary),
		"LANG=en_US.UTF-8",
		"PATH=/usr/local/bin:/usr/bin:/bin:/opt/bin",
		"TZ=:UTC",
		"_HANDLER=" + filepath.Base(f.Binary),
	}
	for _, name := range slices.Sorted(maps.Keys(f.Env)) {
		environ = append(environ, name+"="+f.Env[name])
	}
	return environ
}

const streamVariable = "AWS_LAMBDA_LOG_STREAM_NAME="

// streamOf returns the log stream of a process with an environment.
func streamOf(environ []string) string {
	for _, variable := range environ {
		if name, found := strings.CutPrefix(variable, streamVariable); found {
			return name
		}
	}
	return ""
}

// LogGroup returns the name of a function's log group.
func LogGroup(function string) string { return "/aws/lambda/" + function }

// Printer returns a writer for what a function in process prints, in whole lines: they become events of a log stream of its own.
func (s *Service) Printer(function string) io.Writer { return s.config.Print(function, s.logStream()) }

// logStream returns the name of a new process's log stream in Lambda's form: "2026/11/22/[$LATEST]" and 32 hexadecimal digits.
func (s *Service) logStream() string {
	return s.config.Clock.Now().UTC().Format("2006/01/02/") + "[" + latest + "]" + strings.ReplaceAll(awsapi.NewID(), "-", "")
}
