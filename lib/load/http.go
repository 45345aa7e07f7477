package load

import (
	"context"
	"fmt"
	"io"
	"net/http"
)

// StatusError is what an HTTP target returns for an answer that is no success.
type StatusError struct {
	Code int // 503
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("status %d %s", e.Code, http.StatusText(e.Code))
}

// Get is a target that fetches a page. See HTTP.
func Get(client *http.Client, url string) Target {
	return HTTP(client, func(ctx context.Context) (*http.Request, error) {
		return http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	})
}

// HTTP is a target that sends requests made anew each time. The answer is read
// to its end, so that connections are used again; a status of 400 or more is a
// StatusError. A nil client stands for one that keeps as many connections as
// it needs.
func HTTP(client *http.Client, request func(ctx context.Context) (*http.Request, error)) Target {
	if client == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 1<<16
		client = &http.Client{Transport: transport}
	}
	return Func(func(ctx context.Context) error {
		r, err := request(ctx)
		if err != nil {
			return err
		}
		answer, err := client.Do(r)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			return err
		}
		if answer.StatusCode >= 400 {
			return &StatusError{answer.StatusCode}
		}
		return nil
	})
}
