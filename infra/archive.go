package main

import (
	"archive/zip"
	"io/fs"
	"os"
	"time"
)

// archiveTime is the modification time in all archives: the earliest that a zip file can have. Lambda does not read it.
var archiveTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// packed is a file in a function's archive.
type packed struct {
	name    string
	mode    fs.FileMode
	content []byte
}

// archive packs a function's files for Lambda into a zip file. The CDK CLI would use the files' modes on this machine, and files on Windows
// have no executable bit: the deployment would succeed, but the function could not start.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html
//
// The same files give the same archive on every system, so deploying from another one changes nothing.
func archive(path string, files ...packed) (err error) {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closing := out.Close(); err == nil {
			err = closing
		}
	}()
	w := zip.NewWriter(out)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: archiveTime}
		header.SetMode(f.mode)
		entry, err := w.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := entry.Write(f.content); err != nil {
			return err
		}
	}
	return w.Close()
}
