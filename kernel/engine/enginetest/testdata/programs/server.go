// A web server with middleware, JSON and its clients.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
)

type store struct {
	mu   sync.RWMutex
	data map[string]int
}

type apiError struct {
	Code int    `json:"code"`
	Msg  string `json:"msg"`
}

func (e apiError) Error() string { return e.Msg }

type handler func(w http.ResponseWriter, r *http.Request) (any, error)

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v, err := h(w, r)
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		e := apiError{500, err.Error()}
		errors.As(err, &e)
		w.WriteHeader(e.Code)
		v = e
	}
	json.NewEncoder(w).Encode(v)
}

func (s *store) get(w http.ResponseWriter, r *http.Request) (any, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n, ok := s.data[r.PathValue("key")]
	if !ok {
		return nil, apiError{404, "no " + r.PathValue("key")}
	}
	return map[string]int{"value": n}, nil
}

func (s *store) put(w http.ResponseWriter, r *http.Request) (any, error) {
	var body struct{ Value int }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data[r.PathValue("key")] += body.Value
	return "ok", nil
}

func counted(n *int, h http.Handler) http.Handler {
	var mu sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		*n++
		mu.Unlock()
		h.ServeHTTP(w, r)
	})
}

func main() {
	s := &store{data: map[string]int{}}
	mux := http.NewServeMux()
	mux.Handle("GET /v/{key}", handler(s.get))
	mux.Handle("PUT /v/{key}", handler(s.put))
	n := 0
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	srv := &http.Server{Handler: counted(&n, mux)}
	served := make(chan error)
	go func() { served <- srv.Serve(ln) }()
	base := "http://" + ln.Addr().String()
	do := func(method, path, body string) string {
		req, _ := http.NewRequestWithContext(context.Background(), method, base+path, strings.NewReader(body))
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return err.Error()
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return fmt.Sprint(resp.StatusCode, " ", strings.TrimSpace(string(b)))
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var answers []string
	for i := range 10 {
		wg.Go(func() {
			a := do("PUT", "/v/x", fmt.Sprintf(`{"Value":%d}`, i))
			mu.Lock()
			defer mu.Unlock()
			answers = append(answers, a)
		})
	}
	wg.Wait()
	slices.Sort(answers)
	fmt.Println(len(slices.Compact(answers)), answers[0])
	fmt.Println(do("GET", "/v/x", ""))
	fmt.Println(do("GET", "/v/y", ""))
	fmt.Println(do("PUT", "/v/x", "{"))
	fmt.Println(do("DELETE", "/v/x", ""))
	fmt.Println(n, srv.Shutdown(context.Background()), errors.Is(<-served, http.ErrServerClosed))
	http.DefaultClient.CloseIdleConnections()
}
