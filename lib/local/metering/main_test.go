package metering_test

import (
	"os"
	"testing"

	"heroku-drains/lib/local/localtest"
)

func TestMain(m *testing.M) { os.Exit(localtest.RunTests(m)) }
