package cell

// Remove takes names out of the session: they are free again, and no later cell
// sees what they named. Earlier declarations that refer to it keep it, as they
// do when a name gets another meaning. It returns the names that the session
// does not have.
func (s *Scope) Remove(names ...string) (unknown []string) {
	c := s.compiler("", 0)
	c.p = &parsed{splitter: split(c.src)}
	for _, name := range names {
		switch e := c.view[name]; {
		case e != nil:
			c.hide(e)
		case c.imports[name] != "":
			delete(c.imports, name)
		default:
			unknown = append(unknown, name)
		}
	}
	s.names, s.imports = c.view, c.imports
	s.version++
	return unknown
}
