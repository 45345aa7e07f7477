// Package jupyter is the Jupyter messaging specification, version 5.5, as Go
// types: messages, their signatures and frames, the content of every message
// and the connection file. It does no I/O but reading that file.
//
// The specification is "Messaging in Jupyter",
// https://jupyter-client.readthedocs.io/en/stable/messaging.html; sections
// named in comments are sections of that page. Additions to it are JEP 65
// (iopub_welcome) and usage_request as jupyter-resource-usage sends it.
//
// A message that comes in is a Message whose Content is still text; Read gives
// it its type. A message that goes out is made by Session.New from typed
// content, which names its own message type, so that neither a key nor a type
// can be misspelt. What comes in is foreign: Decode and ReadConnection return
// errors for anything that is not well formed and never panic.
package jupyter

// ProtocolVersion is the version of the specification spoken here.
const ProtocolVersion = "5.5"
