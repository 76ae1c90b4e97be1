package console

import (
	"bytes"
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// files are the page.
//
//go:embed page
var files embed.FS

// contentTypes are the types of the page's files by the ends of their names. Those that the machine is configured for are not asked: some
// Windows machines have .js as text/plain, which browsers do not run.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".png":  "image/png",
	".ico":  "image/x-icon",
}

// page serves the files, and no folders.
type page struct{ files map[string][]byte }

func newPage() page {
	p := page{files: map[string][]byte{}}
	_ = fs.WalkDir(files, "page", func(name string, entry fs.DirEntry, err error) error { // an embed.FS has no errors
		if err == nil && !entry.IsDir() {
			p.files[strings.TrimPrefix(name, "page")], err = files.ReadFile(name)
		}
		return err
	})
	p.files["/"] = p.files["/index.html"]
	return p
}

func (p page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	content, found := p.files[r.URL.Path]
	if !found {
		answerRefusal(w, refuse(http.StatusNotFound, "There is no such file."))
		return
	}
	name := r.URL.Path
	if name == "/" {
		name = "/index.html"
	}
	kind, known := contentTypes[path.Ext(name)]
	if !known {
		kind = "application/octet-stream"
	}
	w.Header().Set("Content-Type", kind)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}
