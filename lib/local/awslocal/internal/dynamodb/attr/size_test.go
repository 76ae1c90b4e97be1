package attr_test

import (
	"encoding/json"
	"testing"

	"heroku-drains/lib/local/awslocal/internal/dynamodb/attr"
)

// TestSizes checks the sizes that https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html describes.
func TestSizes(t *testing.T) {
	for text, want := range map[string]int{
		`{"S":""}`:                     0,
		`{"S":"é"}`:                    2,
		`{"B":"AAECAw=="}`:             4,
		`{"BOOL":false}`:               1,
		`{"NULL":true}`:                1,
		`{"N":"0"}`:                    1,
		`{"N":"1"}`:                    2,
		`{"N":"12"}`:                   2,
		`{"N":"-12"}`:                  3,
		`{"N":"123"}`:                  3,
		`{"N":"0.12"}`:                 2, // pairs of digits from the decimal point: .12
		`{"N":"1.2"}`:                  3, // 1 and .20
		`{"N":"1200000"}`:              3, // 1 and 20
		`{"SS":["a","bc"]}`:            3,
		`{"NS":["1","123"]}`:           5,
		`{"BS":["AAE=","AA=="]}`:       3,
		`{"L":[]}`:                     3,
		`{"L":[{"S":"abc"},{"L":[]}]}`: 3 + 1 + 3 + 1 + 3,
		`{"M":{"ab":{"S":"c"}}}`:       3 + 1 + 2 + 1,
	} {
		var w attr.Wire
		if err := json.Unmarshal([]byte(text), &w); err != nil {
			t.Fatal(err)
		}
		v, err := attr.Parse(w)
		if err != nil {
			t.Fatal(err)
		}
		if got := v.Size(); got != want {
			t.Errorf("%s has %d bytes, want %d", text, got, want)
		}
		if got := (attr.Item{"name": v}).Size(); got != want+4 {
			t.Errorf("as an item %s has %d bytes, want %d", text, got, want+4)
		}
		if written, err := json.Marshal(v); err != nil || string(written) != text {
			t.Errorf("%s is written %s: %v", text, written, err)
		}
	}
}
