package docs_test

import (
	"testing"

	"heroku-drains/docs/costs"
)

func TestTablesOfCosts(t *testing.T) {
	var tables []table
	for _, computed := range costs.Tables() {
		tables = append(tables, table{name: computed.Name, text: computed.Text})
	}
	checkTables(t, "costs.md", tables)
}

func TestPlotOfCosts(t *testing.T) {
	checkFile(t, costs.PlotFile, costs.Plot())
}
