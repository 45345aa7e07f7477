//go:build unix

package mongodb_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.uber.org/goleak"

	"github.com/interleave-lab/interleave/internal/testneeds"
	"github.com/interleave-lab/interleave/lib/parts/mongodb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func use(t *testing.T, s *mongodb.Server) {
	t.Helper()
	c, err := s.Client(func(o *options.ClientOptions) { o.SetMaxPoolSize(7) })
	if err != nil {
		t.Fatal(err)
	}
	defer c.Disconnect(t.Context())
	cities := c.Database("test").Collection("cities")
	for i := range 20 {
		if _, err := cities.InsertOne(t.Context(), bson.M{"_id": i, "name": fmt.Sprint("city ", i)}); err != nil {
			t.Fatal(err)
		}
	}
	var city struct{ Name string }
	if err := cities.FindOne(t.Context(), bson.M{"_id": 7}).Decode(&city); err != nil || city.Name != "city 7" {
		t.Errorf("%+v %v", city, err)
	}
	if n, err := cities.CountDocuments(t.Context(), bson.M{}); n != 20 || err != nil {
		t.Errorf("%d documents, %v", n, err)
	}
}

func TestStandIn(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	s, err := mongodb.StandIn(t.Context())
	if err != nil {
		testneeds.Missing(t, err.Error())
	}
	defer s.Close()
	use(t, s)
	if got := s.String(); !strings.HasPrefix(got, "FerretDB 1.24.0 (stand-in for MongoDB), over SQLite") {
		t.Errorf("label: %s", got)
	}

	t.Setenv("MONGO_URI", s.URI)
	named, err := mongodb.Start(t.Context())
	if err != nil || named.Label().Name != "MongoDB" || named.Label().Where != "MONGO_URI" || named.Label().Version == "" {
		t.Fatalf("%v %v", named, err)
	}
	named.Close()
	t.Setenv("MONGO_URI", "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100")
	if _, err := mongodb.Start(t.Context()); err == nil || !strings.Contains(err.Error(), "MONGO_URI") {
		t.Errorf("a server that is not there: %v", err)
	}
}

func TestMongod(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	t.Setenv("MONGO_URI", "")
	s, err := mongodb.Start(t.Context())
	if err != nil {
		testneeds.Missing(t, err.Error())
	}
	defer s.Close()
	if _, err := exec.LookPath("mongod"); (err == nil) != (s.Label().StandIn == "") {
		t.Errorf("mongod on PATH: %v, label %+v", err == nil, s.Label())
	}
	use(t, s)
}
