package attr

import (
	"regexp"
	"strconv"
	"strings"
)

// Number is a decimal number with up to 38 significant digits. The zero value is 0.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number
type Number struct {
	negative bool
	digits   string // significant digits, without zeros at either end; empty for 0
	exponent int    // of the first digit: the value is d.ddd × 10^exponent
}

// The range of numbers: "Positive range: 1E-130 to 9.9999999999999999999999999999999999999E+125".
const (
	maxDigits   = 38
	maxExponent = 125
	minExponent = -130
)

var numberPattern = regexp.MustCompile(`^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$`)

// ParseNumber reads a number as a client writes it, such as -1.5 or 2e10.
func ParseNumber(text string) (Number, error) {
	if text == "" {
		return Number{}, Errorf("The parameter cannot be converted to a numeric value")
	}
	m := numberPattern.FindStringSubmatch(text)
	if m == nil || m[2]+m[3] == "" {
		return Number{}, Errorf("The parameter cannot be converted to a numeric value: %s", text)
	}
	all := m[2] + m[3]
	significant := strings.TrimLeft(all, "0")
	digits := strings.TrimRight(significant, "0")
	if digits == "" {
		return Number{}, nil
	}
	n := Number{negative: m[1] == "-", digits: digits, exponent: len(m[2]) - 1 - (len(all) - len(significant))}
	if m[4] != "" {
		shift, err := strconv.ParseInt(m[4], 10, 32)
		if err != nil { // out of range: far beyond the limits below
			shift = 1 << 30
			if m[4][0] == '-' {
				shift = -shift
			}
		}
		n.exponent += int(shift)
	}
	switch {
	case n.exponent > maxExponent:
		return Number{}, Errorf("Number overflow. Attempting to store a number with magnitude larger than supported range")
	case n.exponent < minExponent:
		return Number{}, Errorf("Number underflow. Attempting to store a number with magnitude smaller than supported range")
	case len(digits) > maxDigits:
		return Number{}, Errorf("Attempting to store more than 38 significant digits in a Number")
	}
	return n, nil
}

// String returns the number without an exponent, as DynamoDB returns it.
func (n Number) String() string {
	if n.digits == "" {
		return "0"
	}
	var b strings.Builder
	if n.negative {
		b.WriteByte('-')
	}
	switch whole := n.exponent + 1; {
	case whole <= 0:
		b.WriteString("0." + strings.Repeat("0", -whole) + n.digits)
	case whole >= len(n.digits):
		b.WriteString(n.digits + strings.Repeat("0", whole-len(n.digits)))
	default:
		b.WriteString(n.digits[:whole] + "." + n.digits[whole:])
	}
	return b.String()
}

// Compare returns -1 if n is less than other, 1 if it is greater, and 0 if they are equal.
func (n Number) Compare(other Number) int {
	if s, o := n.sign(), other.sign(); s != o || s == 0 {
		return s - o
	}
	magnitude := n.exponent - other.exponent
	if magnitude == 0 {
		magnitude = strings.Compare(n.digits, other.digits)
	}
	if n.negative {
		return -magnitude
	}
	return magnitude
}

func (n Number) sign() int {
	switch {
	case n.digits == "":
		return 0
	case n.negative:
		return -1
	}
	return 1
}

// size returns the bytes that the number takes: "approximately … 1 byte per two significant digits" and one more. The digits are taken in pairs
// from the decimal point, and a negative number has a byte for its sign.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func (n Number) size() int {
	if n.digits == "" {
		return 1
	}
	digits := len(n.digits)
	if n.exponent%2 == 0 { // the first pair has one digit
		digits++
	}
	size := 1 + (digits+1)/2
	if n.negative {
		size++
	}
	return size
}
