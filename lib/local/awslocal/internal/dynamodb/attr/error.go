package attr

import "fmt"

// Errorf returns an error with a message of DynamoDB's. Unlike Go's, these begin with a capital letter, and some end with punctuation.
func Errorf(format string, args ...any) error { return fmt.Errorf(format, args...) }
