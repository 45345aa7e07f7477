package zmq

// Connections is the number of connections, shaking hands or joined.
func (s *Socket) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.peers)
}

// Queued is the number of bytes in all outgoing queues.
func (s *Socket) Queued() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queued
}

// Held is the number of bytes in the inbox.
func (s *Socket) Held() int {
	s.in.mu.Lock()
	defer s.in.mu.Unlock()
	return s.in.held
}

// Waiting is the number of Sends that wait.
func (s *Socket) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.waiting
}

// InboxDepth is the number of messages that one peer may have in the inbox.
const InboxDepth = inboxDepth

// Topics is the number of topics one peer may subscribe to.
const Topics = maxTopics

// Pongs is the number of PINGs one peer may leave unread.
const Pongs = maxPongs
