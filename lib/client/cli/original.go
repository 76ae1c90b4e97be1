package cli

import "slices"

// verbFirst turns the original script's form, `-a myapp --get`, into `get -a myapp`. A command line without one of its three
// flags stays as it is.
func verbFirst(args []string) []string {
	for i, arg := range args {
		switch arg {
		case "--":
			return args
		case "--get", "--put", "--delete":
			return slices.Concat([]string{arg[2:]}, args[:i], args[i+1:])
		}
	}
	return args
}
