package rounds

// mark notes what disturbed the rounds. Collections disturb a round only when
// most rounds of the subject see none: else they are part of the work.
func (m *measurement) mark() {
	for _, rounds := range m.Outcome.Rounds {
		collected := 0
		for _, r := range rounds {
			if r.GC > 0 {
				collected++
			}
		}
		for i := range rounds {
			r := &rounds[i]
			s := r.Spent
			if m.Shared {
				s.Other = 0
			}
			r.Mark = s.Disturbances()
			if r.GC > 0 && 2*collected < len(rounds) {
				if r.Mark != "" {
					r.Mark += ", "
				}
				r.Mark += "garbage collection"
			}
		}
	}
}
