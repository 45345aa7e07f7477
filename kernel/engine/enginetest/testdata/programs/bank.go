// Accounts, transfers and errors with a history.
package main

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"sync"
)

var ErrFunds = errors.New("insufficient funds")

type TransferError struct {
	From, To string
	Amount   int
	Err      error
}

func (e *TransferError) Error() string {
	return fmt.Sprintf("transfer %d from %s to %s: %v", e.Amount, e.From, e.To, e.Err)
}
func (e *TransferError) Unwrap() error { return e.Err }

type Bank struct {
	mu       sync.Mutex
	accounts map[string]int
	history  []string
}

func (b *Bank) Transfer(from, to string, n int) (err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer func() {
		if err != nil {
			err = &TransferError{from, to, n, err}
			return
		}
		b.history = append(b.history, fmt.Sprintf("%s>%s:%d", from, to, n))
	}()
	if _, ok := b.accounts[to]; !ok {
		return fmt.Errorf("no account %q", to)
	}
	if b.accounts[from] < n {
		return ErrFunds
	}
	b.accounts[from] -= n
	b.accounts[to] += n
	return nil
}

func (b *Bank) String() string {
	var names []string
	for n := range b.accounts {
		names = append(names, n)
	}
	sort.Strings(names)
	var sb strings.Builder
	for _, n := range names {
		fmt.Fprintf(&sb, "%s=%d ", n, b.accounts[n])
	}
	return strings.TrimSpace(sb.String())
}

func main() {
	b := &Bank{accounts: map[string]int{"ann": 100, "bob": 0, "cy": 50}}
	var wg sync.WaitGroup
	for i := 0; i < 100; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := b.Transfer("ann", "bob", 1); err != nil {
				panic(err)
			}
		}()
	}
	wg.Wait()
	fmt.Println(b, len(b.history))
	err := b.Transfer("ann", "cy", 1)
	var te *TransferError
	fmt.Println(err, errors.Is(err, ErrFunds), errors.As(err, &te) && te.Amount == 1)
	fmt.Println(b.Transfer("cy", "dan", 5))
	fmt.Println(b)
}
