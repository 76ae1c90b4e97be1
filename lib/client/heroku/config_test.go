package heroku_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"heroku-drains/lib/client/heroku"
)

func TestFromEnvironment(t *testing.T) {
	const login = "machine api.heroku.com\n  login ops@example.com\n  password HRKU-netrc\n" +
		"machine git.heroku.com\n  login ops\n  password HRKU-git\n"
	type vars = map[string]string // DIR in a value is replaced by the directory of the files
	type files = map[string]string
	tests := map[string]struct {
		env   vars
		files files
		key   string // empty if none is found
		url   string
	}{
		"nothing":                    {},
		"a key":                      {vars{"HEROKU_API_KEY": "HRKU-env"}, nil, "HRKU-env", ""},
		"a key in .netrc":            {vars{"HOME": "DIR"}, files{".netrc": login}, "HRKU-netrc", ""},
		"a byte order mark":          {vars{"HOME": "DIR"}, files{".netrc": "\ufeff" + login}, "HRKU-netrc", ""},
		"UTF-16":                     {vars{"HOME": "DIR"}, files{".netrc": inUTF16(binary.LittleEndian, login)}, "HRKU-netrc", ""},
		"UTF-16, big end first":      {vars{"HOME": "DIR"}, files{".netrc": inUTF16(binary.BigEndian, login)}, "HRKU-netrc", ""},
		"only a byte order mark":     {vars{"HOME": "DIR"}, files{".netrc": "\xff\xfe"}, "", ""},
		"a cut UTF-16 file":          {vars{"HOME": "DIR"}, files{".netrc": "\xff\xfem"}, "", ""},
		"a byte order mark in a key": {vars{"HEROKU_API_KEY": "\ufeffHRKU-env"}, nil, "HRKU-env", ""},
		"both":                       {vars{"HOME": "DIR", "HEROKU_API_KEY": "HRKU-env"}, files{".netrc": login}, "HRKU-env", ""},
		"space around a key":         {vars{"HEROKU_API_KEY": " HRKU-env\r\n"}, nil, "HRKU-env", ""},
		"an empty key":               {vars{"HOME": "DIR", "HEROKU_API_KEY": " "}, files{".netrc": login}, "HRKU-netrc", ""},
		"NETRC":                      {vars{"HOME": "/nowhere", "NETRC": "DIR/my"}, files{"my": login}, "HRKU-netrc", ""},
		"NETRC without file":         {vars{"HOME": "DIR", "NETRC": "DIR/my"}, files{".netrc": login}, "", ""},
		"Windows":                    {vars{"USERPROFILE": "DIR"}, files{"_netrc": login}, "HRKU-netrc", ""},
		"Windows, and another program's": {
			vars{"USERPROFILE": "DIR"}, files{".netrc": "machine a\n  login b\n  password c\n", "_netrc": login}, "HRKU-netrc", ""},
		"another host's": {vars{"HOME": "DIR"}, files{".netrc": "machine example.com\n  login a\n  password b\n"}, "", ""},
		"no password":    {vars{"HOME": "DIR"}, files{".netrc": "machine api.heroku.com\n  login a\n"}, "", ""},
		"an empty file":  {vars{"HOME": "DIR"}, files{".netrc": ""}, "", ""},
		"another API": {
			vars{"HOME": "DIR", "HEROKU_API_URL": "https://api.example.com:8443"},
			files{".netrc": login + "machine api.example.com\n  login a\n  password HRKU-other\n"}, "HRKU-other", "https://api.example.com:8443"},
		"another API, and Heroku's key": {
			vars{"HOME": "DIR", "HEROKU_API_URL": "https://api.example.com"}, files{".netrc": login}, "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, text := range tt.files {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			config, err := heroku.FromEnvironment(lookup(dir, tt.env))
			if tt.key == "" {
				if !errors.Is(err, heroku.ErrNoKey) {
					t.Errorf("config %+v, error %v", config, err)
				}
				return
			}
			if err != nil || config.Key != tt.key || config.URL != tt.url {
				t.Errorf("key %q, URL %q, error %v", config.Key, config.URL, err)
			}
		})
	}
}

// inUTF16 returns a text with a byte order mark, as PowerShell's > writes it.
func inUTF16(order binary.AppendByteOrder, text string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

// lookup returns a replacement for os.LookupEnv.
func lookup(dir string, env map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := env[name]
		return strings.ReplaceAll(value, "DIR", dir), ok
	}
}

func TestFromEnvironmentFails(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "cut"), []byte("machine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, env := range map[string]map[string]string{
		"cut is not a valid .netrc file":    {"NETRC": "DIR/cut"},
		"or set HEROKU_API_KEY":             {"NETRC": "DIR"}, // not readable, because it is a directory
		"not a valid URL of the Heroku API": {"HEROKU_API_KEY": "k", "HEROKU_API_URL": "heroku"},
	} {
		_, err := heroku.FromEnvironment(lookup(dir, env))
		if err == nil || !strings.Contains(err.Error(), want) || errors.Is(err, heroku.ErrNoKey) {
			t.Errorf("%v: error %v, want one with %q", env, err, want)
		}
	}
}
