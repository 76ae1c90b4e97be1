package main

import (
	"archive/zip"
	"io"
	"os"
	"time"

	"heroku-drains/lib/stack"
)

// archiveTime is the modification time in all archives: the earliest that a zip file can have. Lambda does not read it.
var archiveTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// archive packs a function's binary for Lambda into a zip file. The CDK CLI would use the file's mode on this machine, and files on Windows
// have no executable bit: the deployment would succeed, but the function could not start.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html
//
// The same binary gives the same archive on every system, so deploying from another one changes nothing.
func archive(path, binary string) (err error) {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closing := out.Close(); err == nil {
			err = closing
		}
	}()
	in, err := os.Open(binary)
	if err != nil {
		return err
	}
	defer in.Close()

	w := zip.NewWriter(out)
	header := &zip.FileHeader{Name: stack.Bootstrap, Method: zip.Deflate, Modified: archiveTime}
	header.SetMode(0o755)
	file, err := w.CreateHeader(header)
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, in); err != nil {
		return err
	}
	return w.Close()
}
