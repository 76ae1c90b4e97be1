// Command infra is the CDK app, which `cdk synth` and `cdk deploy` run according to cdk.json. It writes one stack, which contains everything
// that does not depend on the apps; the functions create the resources of each app at run time.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	os.Exit(run())
}

// run prints the error before it closes jsii, which sometimes prints a line of its own about how its process ended.
func run() int {
	defer jsii.Close()
	if err := synth(); err != nil {
		fmt.Fprintf(os.Stderr, "heroku-drains: %v\n", err)
		return 1
	}
	return 0
}

// synth reads the settings and the alert rules, and writes the stack to the folder that the CDK CLI asks for.
func synth() error {
	if err := checkNode(); err != nil {
		return err
	}
	app := awscdk.NewApp(nil)
	context, _ := app.Node().GetAllContext(nil).(map[string]any)
	settings, err := parseSettings(context)
	if err != nil {
		return err
	}
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	rules, err := readRules(root, settings.alertRules)
	if err != nil {
		return err
	}
	return writeStack(app, settings, &builder{moduleRoot: root, rules: rules})
}

// checkNode returns an error if jsii cannot find Node.js, in which the CDK runs. Without this check, the program would end with a stack trace.
func checkNode() error {
	if os.Getenv("JSII_RUNTIME") != "" { // the user starts jsii's runtime in another way
		return nil
	}
	node := os.Getenv("JSII_NODE")
	if node == "" {
		node = "node"
	}
	_, err := exec.LookPath(node)
	if errors.Is(err, exec.ErrNotFound) {
		return errors.New("node is not in PATH: the CDK needs Node.js 22 or later; install it (https://nodejs.org) and try again")
	}
	if err != nil {
		return fmt.Errorf("cannot run Node.js, which the CDK needs: %w", err)
	}
	return nil
}

// writeStack writes the template and the functions' binaries. If a function does not compile, it returns the compiler's error, which the user
// must fix. Any other panic of the CDK is a bug of this program and keeps its stack trace.
func writeStack(app awscdk.App, s settings, b *builder) (err error) {
	defer func() {
		failure := recover()
		if failure != nil && b.failure == nil {
			panic(failure)
		}
		err = b.failure
	}()
	newStack(app, s, b)
	app.Synth(nil)
	return nil
}
