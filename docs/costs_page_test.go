package docs_test

import (
	"bytes"
	"strings"
	"testing"

	"heroku-drains/docs/costs"
	"heroku-drains/lib/client/cli"
)

func TestTablesOfCosts(t *testing.T) {
	var tables []table
	for _, computed := range costs.Tables() {
		tables = append(tables, table{name: computed.Name, text: computed.Text})
	}
	tables = append(tables, table{name: "the verb cost", text: estimate(t)})
	checkTables(t, "costs.md", tables)
}

// estimate returns an example of the verb cost, with what it prints.
func estimate(t *testing.T) string {
	t.Helper()
	t.Setenv("AWS_REGION", "")
	args := []string{"heroku-drains-cli", "cost", "--apps", "20", "--gb", "50"}
	var stdout, stderr bytes.Buffer
	if code := cli.Main(t.Context(), args, strings.NewReader(""), &stdout, &stderr); code != 0 {
		t.Fatalf("%q: exit code %d: %s", args, code, stderr.String())
	}
	return "```console\n$ " + strings.Join(args, " ") + "\n" + stdout.String() + "```\n"
}

func TestPlotOfCosts(t *testing.T) {
	checkFile(t, costs.PlotFile, costs.Plot())
}
