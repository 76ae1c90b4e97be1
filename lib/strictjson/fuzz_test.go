package strictjson_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"heroku-drains/lib/strictjson"
)

// read reads any text into what encoding/json decodes it into, without the values of numbers.
func read(text []byte) (any, error) {
	r := strictjson.New(text)
	v, err := value(r)
	if err != nil {
		return nil, err
	}
	return v, r.End()
}

// value reads a value of any kind.
func value(r *strictjson.Reader) (any, error) {
	rest := bytes.TrimLeft(r.Rest(), " \t\r\n")
	if len(rest) == 0 {
		return nil, r.Skip()
	}
	switch rest[0] {
	case '{':
		object := map[string]any{}
		err := r.Object(func(name []byte) error {
			key := string(name)
			v, err := value(r)
			object[key] = v
			return err
		})
		return object, err
	case '[':
		array := []any{}
		err := r.Array(func() error {
			v, err := value(r)
			array = append(array, v)
			return err
		})
		return array, err
	case '"':
		s, err := r.String()
		return string(s), err
	case 't', 'f':
		return r.Bool()
	case 'n':
		if r.Null() {
			return nil, nil
		}
	}
	return json.Number(""), r.Skip()
}

// plainly is what read does, by encoding/json.
func plainly(text []byte) (any, error) {
	var v any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return withoutNumbers(v), nil
}

func withoutNumbers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			v[name] = withoutNumbers(member)
		}
	case []any:
		for i, element := range v {
			v[i] = withoutNumbers(element)
		}
	case json.Number:
		return json.Number("")
	}
	return v
}

var texts = []string{
	`{}`, `[]`, `""`, `null`, `true`, `false`, `0`, `-0`, `10`, `-1.5e+10`, `2E-3`, ` { "a" : [ 1 , "b\n\u00e9\ud83d\ude9a" , { } ] , "c" : null } `,
	`"\"\\\/\b\f\n\r\t"`, `"\ud800"`, `"\ud800\u0041"`, `"\udc00\ud800"`, `"\u12g4"`, `"\u12"`, `"\x"`, `"\`, `"caf\u00e9 €"`, "\"\x1b\"", "\"\xff\"", "\"\xed\xa0\x80\"",
	`01`, `1.`, `.5`, `-`, `1e`, `+1`, `0x1`, `1_0`, `tru`, `truefalse`, `nul`, `nan`, `{"a"}`, `{"a":}`, `{"a":1,}`, `[1,]`, `[,1]`, `[1 2]`, `{a:1}`, `{"a":1 "b":2}`,
	`{"a":1,"a":2}`, `[`, `{`, `"`, ``, ` `, `[]]`, `{} x`, `"` + strings.Repeat("A", 100) + `"`, `"` + strings.Repeat("A", 15) + `\"` + strings.Repeat("B", 9) + `"`,
	strings.Repeat("[", 100) + strings.Repeat("]", 100), strings.Repeat("[", 101) + strings.Repeat("]", 101),
}

// What is accepted is what encoding/json reads; what is rejected is not JSON, not UTF-8, or too deep.
func FuzzReader(f *testing.F) {
	for _, text := range texts {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before := bytes.Clone(text)
		got, err := read(text)
		skipped := strictjson.New(text)
		skipErr := skipped.Skip()
		if skipErr == nil {
			skipErr = skipped.End()
		}
		if (err == nil) != (skipErr == nil) {
			t.Errorf("%q: reading says %v, skipping says %v", text, err, skipErr)
		}
		if !bytes.Equal(text, before) {
			t.Errorf("%q was changed to %q", before, text)
		}
		if err != nil {
			deep := max(bytes.Count(text, []byte("[")), bytes.Count(text, []byte("{"))) > 50
			if json.Valid(text) && utf8.Valid(text) && !deep {
				t.Errorf("%q is rejected: %v", text, err)
			}
			return
		}
		want, err := plainly(text)
		if !json.Valid(text) || err != nil {
			t.Fatalf("%q is accepted, but encoding/json says %v", text, err)
		}
		if !reflect.DeepEqual(want, got) {
			t.Errorf("%q: read %v, encoding/json reads %v", text, got, want)
		}
	})
}

func FuzzPlain(f *testing.F) {
	for c := range 256 {
		f.Add(append(bytes.Repeat([]byte("a"), c%17), byte(c), 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, ascii := strictjson.PlainLength(text)
		if want := strictjson.PlainSlowly(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
		for _, c := range text[:got] {
			if ascii && c >= utf8.RuneSelf {
				t.Errorf("%q: %q is not ASCII", text, text[:got])
			}
		}
	})
}

func TestInt(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, " -12 ": -12, "9223372036854775807": 1<<63 - 1} {
		if got, err := strictjson.New([]byte(text)).Int(); got != want || err != nil {
			t.Errorf("%s: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "1.5", "1e3", "9223372036854775808", `"1"`, "null", "-"} {
		if got, err := strictjson.New([]byte(text)).Int(); err == nil {
			t.Errorf("%s: %d, want an error", text, got)
		}
	}
}

func TestErrorsSayWhereAndNotWhat(t *testing.T) {
	for text, want := range map[string]string{
		`{"secret" "x"}`: "JSON lacks a colon at byte 10 of 14",
		`["secret`:       "JSON ends too early",
		`"secret\x"`:     "JSON has an invalid escape at byte 7 of 10",
	} {
		r := strictjson.New([]byte(text))
		if err := r.Skip(); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func FuzzAppendString(f *testing.F) {
	for _, seed := range []string{"", "plain", "\x00\x1f\x7f\"\\/", "\u2028é\U0001f600", "tab\tnl\ncr\r", "12345678\"2345678\\2345678\x1f2345678\x202345678!#[]", "\x7f\u0080é\u00e2\u0120\u0122\u015c"} {
		f.Add(seed)
	}
	f.Add("\xff")
	f.Add("12345678\xff")
	f.Fuzz(func(t *testing.T, text string) {
		checked, valid := strictjson.AppendValid(nil, text)
		if valid != utf8.ValidString(text) {
			t.Errorf("%q is valid: %t", text, valid)
		}
		if !valid {
			return
		}
		var back string
		quoted := strictjson.AppendString([]byte("before"), []byte(text))[len("before"):]
		if other := strictjson.AppendString(nil, text); string(other) != string(quoted) {
			t.Errorf("%q is written %s, and as a string %s", text, quoted, other)
		}
		if string(checked) != string(quoted) {
			t.Errorf("%q is written %s, and if it is checked %s", text, quoted, checked)
		}
		if err := json.Unmarshal(quoted, &back); err != nil || back != text {
			t.Errorf("%q is written %s and read as %q, %v", text, quoted, back, err)
		}
	})
}
