package cli_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"heroku-drains/lib/client/clienttest"
	"heroku-drains/lib/local/localtest"
)

// backticked matches the commands in a text.
var backticked = regexp.MustCompile("`([^`]+)`")

// wall matches what a hinted command must not lead to: a usage error, or a system that is not the user's.
var wall = regexp.MustCompile(`no Heroku API key|no AWS|invalid Heroku|unexpected argument|unknown flag|is not a valid|^error: [^\n]*--help`)

// hinted returns the commands of this program that the output of another one names, as a shell divides them into words.
func hinted(t *testing.T, got outcome) [][]string {
	t.Helper()
	var all [][]string
	for _, match := range backticked.FindAllStringSubmatch(got.stdout+got.stderr, -1) {
		for line := range strings.SplitSeq(match[1], " | ") {
			if !strings.HasPrefix(line, "heroku-drains-cli") {
				continue
			}
			words, err := exec.Command("sh", "-c", `printf '%s\n' `+line).Output()
			if err != nil {
				t.Fatalf("a shell does not understand %s: %v", line, err)
			}
			all = append(all, strings.Split(strings.TrimSuffix(string(words), "\n"), "\n")[1:])
		}
	}
	return all
}

// Every command that the program hints at can be run as it is, and works on the same system.
func TestHintedCommandsRun(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("hints are quoted for a POSIX shell")
	}
	noHerokuKey(t)
	noAWSFiles(t)
	for _, name := range []string{"AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"} {
		t.Setenv(name, "")
	}
	s := newSystem(t)
	elsewhere := newSystem(t)
	s.must("put", "-a", "shop")
	s.must("put", "-a", "halved")
	s.stopDrain("halved")
	rules := filepath.Join(t.TempDir(), "alert rules.yaml")
	localtest.Must(t, os.WriteFile(rules, []byte("codes: {H12: off}\n"), 0o600))
	for _, tt := range []struct {
		at   *system
		line string
		n    int // commands that it hints at
	}{
		{elsewhere, "list", 1},
		{s, "get -a nope", 1},
		{s, "logs -a nope-1", 1},
		{s, "logs nope-2", 1},
		{s, "delete -a nope --yes", 0},
		{s, "logs -a shop --filter {$.x=1}", 1},
		{s, "put -a other", 1},
		{s, "simulate -a another --lines 1", 1},
		{s, "simulate -a shop --scenario h12-storm", 1},
		{s, "alerts mute -a shop --rule H12", 1},
		{s, "alerts mute -a nope-3", 1},
		{s, "alerts mute -a shop --rule nope", 1},
		{s, "alerts rules --bogus", 1},
		{nil, "alerts check -a shop", 0}, // the folder has no alerts.yaml
		{nil, "alerts check -a shop " + rules, 1},
		{s, "alerts send-test", 1},
		{s, "rotate", 0},
		{s, "sync -a shop", 1},
		{s, "get --bogus", 1},
		{s, "doctor", 1},
	} {
		args := strings.Fields(strings.ReplaceAll(tt.line, rules, "RULES"))
		if len(args) > 0 && args[len(args)-1] == "RULES" {
			args[len(args)-1] = rules // its name has a space
		}
		if tt.at != nil {
			args = tt.at.local(args...)
		}
		got := command(t, nil, args...)
		commands := hinted(t, got)
		if len(commands) < tt.n {
			t.Errorf("%s hints at %d commands, want %d:\n%s%s", tt.line, len(commands), tt.n, got.stdout, got.stderr)
		}
		for _, hint := range commands {
			if slices.Contains(hint, "local") { // it runs until it is interrupted
				continue
			}
			run := command(t, nil, hint...)
			if run.code == 2 || wall.MatchString(run.stderr) {
				t.Errorf("%s hints at %q, which ends with exit code %d:\n%s", tt.line, hint, run.code, run.stderr)
			}
			if tt.at != nil && !slices.Contains(hint, tt.at.AWS.APIURL()) && !slices.Contains(hint, "--help") {
				t.Errorf("%s hints at %q, which is about another system", tt.line, hint)
			}
		}
	}
}

// stopDrain disables the drain's event source mapping, as somebody in the console does.
func (s *system) stopDrain(app string) {
	s.t.Helper()
	d, err := clienttest.API(s.t, s.AWS).Get(s.t.Context(), app)
	localtest.Must(s.t, err)
	_, err = lambda.NewFromConfig(s.AWS.Config()).UpdateEventSourceMapping(s.t.Context(), &lambda.UpdateEventSourceMappingInput{
		UUID: &d.EventSource.UUID, Enabled: aws.Bool(false),
	})
	localtest.Must(s.t, err)
}

// Hints name the flags that the user gave, quoted where a shell needs it.
func TestHintsHaveTheFlagsOfTheUser(t *testing.T) {
	noHerokuKey(t)
	api := newFakeAPI(t, answer{status: http.StatusNotFound, body: `{"error":{"code":"NotFound","message":"nope has no drain"}}`})
	awsAt(t, api.URL)
	awsProfile(t, "[profile my team]\nregion = eu-west-1\naws_access_key_id = a\naws_secret_access_key = b\n")
	for line, want := range map[string]string{
		"--no-heroku --api-url URL --stack drains@2 --region us-west-2 --profile PROFILE get -a nope": "heroku-drains-cli --no-heroku --api-url URL " +
			"--stack drains@2 --region us-west-2 --profile 'my team' put -a nope",
		"--api-url URL --profile PROFILE logs -a nope": "heroku-drains-cli --no-heroku --api-url URL --profile 'my team' put -a nope", // without a Heroku key
	} {
		args := strings.Fields(line)
		for i, arg := range args {
			args[i] = strings.NewReplacer("URL", api.URL, "PROFILE", "my team").Replace(arg)
		}
		got := command(t, nil, args...)
		wantIn(t, "stderr", got.stderr, "nope has no drain. Create one: `"+strings.ReplaceAll(want, "URL", api.URL)+"`\n")
	}
	t.Setenv("HEROKU_API_KEY", "HRKU-1")
	got := command(t, nil, "--api-url", api.URL, "--profile", "my team", "logs", "-a", "nope")
	wantIn(t, "stderr", got.stderr, "Create one: `heroku-drains-cli --api-url "+api.URL+" --profile 'my team' put -a nope`\n")
}

// ours matches a command of this program that was written by hand. A text may have %s for its name and nothing else, for advice on the command
// line itself, which the flags that select a system have nothing to do with.
var ours = regexp.MustCompile(`^(heroku-drains-cli|%s [a-z-]+|(put|get|list|delete|logs|sync|alerts|doctor|redrive|rotate|simulate|local|console)\b)`)

// verbHint matches advice that names a verb without the program.
var verbHint = regexp.MustCompile(`\b(put|delete|rotate|redrive|sync|doctor) (repairs|removes|creates|connects|replaces|enables|adds|deletes|sets|again)\b|the same (put|delete|rotate|sync)\b`)

// Commands of this program have one home, session.command, which knows its name and the user's flags.
func TestNoCommandIsWrittenElsewhere(t *testing.T) {
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "/command.go") {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if f, ok := node.(*ast.FuncDecl); ok && f.Name.Name == "Help" { // examples, which are for any system
				return false
			}
			literal, ok := node.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range backticked.FindAllStringSubmatch(text, -1) {
				if ours.MatchString(match[1]) {
					t.Errorf("%s: %q has the command %s: use session.command or Command", files.Position(literal.Pos()), text, match[1])
				}
			}
			if verbHint.MatchString(text) {
				t.Errorf("%s: %q names a verb without the program", files.Position(literal.Pos()), text)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
