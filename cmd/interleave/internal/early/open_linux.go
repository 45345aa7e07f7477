package early

import (
	"encoding/json"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// open opens the ports in the connection file of the command "kernel FILE". It
// has no errors: package jupyter reads the file again, checks it and says what
// is wrong with it.
func open(args []string) map[string]*os.File {
	if len(args) != 3 || args[1] != "kernel" {
		return nil
	}
	file, err := os.Open(args[2])
	if err != nil {
		return nil
	}
	defer file.Close()
	var c struct {
		Transport string `json:"transport"`
		IP        string `json:"ip"`
		Shell     int    `json:"shell_port"`
		Control   int    `json:"control_port"`
		IOPub     int    `json:"iopub_port"`
		Stdin     int    `json:"stdin_port"`
		Heartbeat int    `json:"hb_port"`
	}
	const most = 1 << 16
	if err := json.NewDecoder(io.LimitReader(file, most)).Decode(&c); err != nil || c.Transport != "tcp" {
		return nil
	}
	ip, ok := ipv4(c.IP)
	if !ok {
		return nil
	}
	all := map[string]*os.File{}
	for _, port := range []int{c.Shell, c.Control, c.IOPub, c.Stdin, c.Heartbeat} {
		if port < 1 || port > 65535 {
			continue
		}
		if f := listen(ip, port); f != nil {
			all[c.IP+":"+strconv.Itoa(port)] = f
		}
	}
	return all
}

// ipv4 reads an address such as 127.0.0.1.
func ipv4(text string) (ip [4]byte, ok bool) {
	parts := strings.Split(text, ".")
	if len(parts) != len(ip) {
		return ip, false
	}
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 8)
		if err != nil {
			return ip, false
		}
		ip[i] = byte(n)
	}
	return ip, true
}

// listen does what net.Listen does; package net is initialised too late.
func listen(ip [4]byte, port int) *os.File {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC|syscall.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	err = syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	if err == nil {
		err = syscall.Bind(fd, &syscall.SockaddrInet4{Port: port, Addr: ip})
	}
	if err == nil {
		err = syscall.Listen(fd, syscall.SOMAXCONN)
	}
	if err != nil {
		syscall.Close(fd)
		return nil
	}
	return os.NewFile(uintptr(fd), "port "+strconv.Itoa(port))
}
