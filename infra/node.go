package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// checkNode looks for the Node in which CDK runs, where jsii will: it would end the program with a stack trace.
func checkNode() error {
	if os.Getenv("JSII_RUNTIME") != "" { // somebody's own way of running it
		return nil
	}
	node := os.Getenv("JSII_NODE")
	if node == "" {
		node = "node"
	}
	_, err := exec.LookPath(node)
	if errors.Is(err, exec.ErrNotFound) {
		return errors.New("the node command, in which the CDK runs, is not in PATH: install Node 20 or newer (https://nodejs.org) and try again")
	}
	if err != nil {
		return fmt.Errorf("cannot run Node, in which the CDK runs: %w", err)
	}
	return nil
}
