package httpapi

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"

	"heroku-drains/lib/drain"
)

func (h *Handler) list(ctx context.Context, r request) (response, error) {
	if err := checkQuery(r, "next"); err != nil {
		return response{}, err
	}
	drains, next, err := h.drains.List(ctx, r.QueryStringParameters["next"])
	if err != nil {
		return response{}, err
	}
	if drains == nil {
		drains = []drain.Drain{} // [] in JSON, not null
	}
	return answer(http.StatusOK, drain.Page{Data: drains, Next: next})
}

func (h *Handler) get(ctx context.Context, r request) (response, error) {
	app, err := check(r)
	if err != nil {
		return response{}, err
	}
	d, err := h.drains.Get(ctx, app)
	if err != nil {
		return response{}, err
	}
	return answer(http.StatusOK, drain.Answer{Data: d})
}

func (h *Handler) put(ctx context.Context, r request) (response, error) {
	app, err := check(r)
	if err != nil {
		return response{}, err
	}
	body, err := decoded(r)
	if err != nil {
		return response{}, err
	}
	change, err := drain.ParsePatch(body)
	if err != nil {
		return response{}, err
	}
	password, err := h.passwords.Password(ctx, app) // first: a drain whose URL cannot be told is of no use
	if err != nil {
		return response{}, err
	}
	d, created, err := h.drains.Put(ctx, app, change)
	if err != nil {
		return response{}, err
	}
	d.DrainURL = drainURL(r, app, password)
	h.log.InfoContext(ctx, "drain put", "app", app, "created", created, "state", d.State, caller(r))
	if created {
		return answer(http.StatusCreated, drain.Answer{Data: d})
	}
	return answer(http.StatusOK, drain.Answer{Data: d})
}

func (h *Handler) delete(ctx context.Context, r request) (response, error) {
	app, err := check(r, "logs")
	if err != nil {
		return response{}, err
	}
	logs, given := r.QueryStringParameters["logs"]
	if given && logs != "keep" {
		message := fmt.Sprintf("logs must be \"keep\", not %q; omit it to delete the logs too", logs)
		return response{}, &refusal{status: http.StatusBadRequest, code: drain.InvalidQuery, message: message}
	}
	d, err := h.drains.Delete(ctx, app, drain.DeleteOptions{KeepLogs: given})
	if err != nil {
		return response{}, err
	}
	h.log.InfoContext(ctx, "drain deleted", "app", app, "logs_kept", given, caller(r))
	return answer(http.StatusOK, drain.Answer{Data: d})
}

// check reads the app from the path, and turns down a query that holds anything but these names.
func check(r request, names ...string) (app string, err error) {
	app = r.PathParameters["app"]
	if err := drain.ValidateApp(app); err != nil {
		return "", err
	}
	return app, checkQuery(r, names...)
}

func decoded(r request) ([]byte, error) {
	if !r.IsBase64Encoded {
		return []byte(r.Body), nil
	}
	b, err := base64.StdEncoding.DecodeString(r.Body)
	if err != nil {
		return nil, fmt.Errorf("decode the gateway's base64: %w", err)
	}
	return b, nil
}

// drainURL is what Heroku is to be given. It leads back here by the way this request came.
func drainURL(r request, app, password string) string {
	u := url.URL{
		Scheme: "https",
		User:   url.UserPassword(app, password),
		Host:   r.RequestContext.DomainName,
		Path:   "/drains/" + app,
	}
	if proto := r.Headers["x-forwarded-proto"]; proto != "" {
		u.Scheme = proto
	}
	if stage := r.RequestContext.Stage; stage != "" && stage != "$default" { // the default stage has no name in URLs
		u.Path = "/" + stage + u.Path
	}
	return u.String()
}

// caller is who the gateway says it is.
func caller(r request) slog.Attr {
	who := "unknown"
	if a := r.RequestContext.Authorizer; a != nil && a.IAM != nil {
		who = a.IAM.UserARN
	}
	return slog.String("caller", who)
}
