// Times and durations in UTC.
package main

import (
	"encoding/json"
	"fmt"
	"time"
)

type event struct {
	At  time.Time     `json:"at"`
	For time.Duration `json:"for"`
}

func easter(y int) time.Time {
	a, b, c := y%19, y/100, y%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Date(y, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)
}

func main() {
	t := time.Date(2023, 12, 31, 23, 59, 59, 999, time.UTC)
	for _, l := range []string{time.RFC3339Nano, time.Kitchen, "Mon _2 Jan 06", "02/01 15h04.05.000000000 -0700 MST"} {
		fmt.Println(t.Format(l))
	}
	u := t.Add(time.Nanosecond * 999_999_001)
	y, w := u.ISOWeek()
	fmt.Println(u, u.Year(), u.YearDay(), y, w, u.Weekday(), u.Sub(t), u.After(t), t.Equal(t.In(time.FixedZone("X", 3600))))
	fmt.Println(time.Date(2024, 2, 30, 25, 61, 0, 0, time.UTC), t.AddDate(0, 2, 0).Format(time.DateOnly))
	for _, s := range []string{"1h2m3s", "1.5µs", "-10ms", "x", "100"} {
		d, err := time.ParseDuration(s)
		fmt.Println(d, err, d.Round(time.Second), d.Truncate(time.Hour))
	}
	p, err := time.Parse(time.DateOnly, "2024-13-01")
	fmt.Println(p.IsZero(), err)
	loc := time.FixedZone("EST", -5*3600)
	q, err := time.ParseInLocation("2006-01-02 15:04", "2024-07-04 12:00", loc)
	fmt.Println(q, err, q.UTC().Hour(), q.Unix())
	for y := 2024; y < 2028; y++ {
		fmt.Print(easter(y).Format("2 Jan 2006; "))
	}
	fmt.Println()
	b, _ := json.Marshal(event{q, time.Minute})
	var e event
	fmt.Println(string(b), json.Unmarshal(b, &e), e.At.Equal(q), e.For)
	start := time.Now()
	time.Sleep(2 * time.Millisecond)
	fmt.Println(time.Since(start) >= 2*time.Millisecond, time.Until(start) < 0)
	tm := time.NewTimer(time.Hour)
	fmt.Println(tm.Stop(), tm.Reset(time.Nanosecond))
	<-tm.C
	tk := time.NewTicker(time.Millisecond)
	defer tk.Stop()
	<-tk.C
	<-tk.C
	done := make(chan bool)
	time.AfterFunc(time.Microsecond, func() { close(done) })
	<-done
	fmt.Println(time.Unix(1e9, 0).UTC(), time.UnixMilli(-1).UTC(), time.March+1, time.Saturday)
}
