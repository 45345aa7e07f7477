package kernelspec

// Elsewhere finds places as on another platform.
func Elsewhere(goos, home string, env map[string]string) (user string, places []string) {
	s := system{goos, func(k string) string { return env[k] }, func() (string, error) { return home, nil }}
	user, _ = s.user()
	return user, s.places()
}
