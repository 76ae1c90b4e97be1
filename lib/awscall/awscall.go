// Package awscall and the packages below it keep the CLI small. Each of those has a client of one AWS service with the operations that this
// module calls, instead of all that the service has.
//
// The linker leaves out methods that nothing calls, unless their type becomes an interface value somewhere, and the program finds methods by
// names that are known only when it runs, as package kong does. Then it keeps them all: of the SDK's clients, hundreds of operations, a third of
// the program. The clients here hold functions, behind which the linker sees no type. https://go.dev/src/cmd/link/internal/ld/deadcode.go
//
// slices.SortFunc adds 12 KB for each type of elements, slices.SortStableFunc 5 KB: the module uses the latter.
//
// A program that calls only some of the operations gets only those: a function takes the smallest client that has what it calls, such as
// sqscall.Sender, which larger ones embed.
//
// Packages plaincall, mappingcall, streamcall and itemcall are for functions, which start sooner without a client of the SDK.
//
// A new operation needs a field and a method here. TestSizeOfTheProgram in test/pipeline fails if a client of the SDK becomes an interface value
// again.
package awscall

import "context"

// Operation is a method of a client of the SDK.
type Operation[Input, Output, Options any] func(context.Context, *Input, ...func(*Options)) (*Output, error)
