package overlay

// madeEdits let types that package reflect makes be those of later cells, see
// reflect/live_made.go.
var madeEdits = []Edit{
	{
		File: "reflect/type.go", Find: "	pi, _ := ptrMap.LoadOrStore(t, &pp)\n",
		With: "	pi, _ := ptrMap.LoadOrStore(t, (*ptrType)(unsafe.Pointer(liveMade(&pp.Type, unsafe.Sizeof(pp)))))\n",
		Why:  madeWhy,
	}, {
		File: "reflect/type.go", Find: "toRType(&ch.Type)", With: "toRType(liveMade(&ch.Type, unsafe.Sizeof(ch)))", Why: madeWhy,
	}, {
		File: "reflect/type.go", Find: "toRType(&slice.Type)", With: "toRType(liveMade(&slice.Type, unsafe.Sizeof(slice)))", Why: madeWhy,
	}, {
		File: "reflect/type.go", Find: "toRType(&array.Type)", With: "toRType(liveMade(&array.Type, unsafe.Sizeof(array)))", Why: madeWhy,
	}, {
		File: "reflect/type.go", Find: "	return addToCache(&ft.Type)\n",
		With: "	return addToCache(liveMade(&ft.Type, unsafe.Sizeof(*ft)+uintptr(n)*unsafe.Sizeof(args[0])))\n",
		Why:  madeWhy,
	}, {
		File: "reflect/type.go", Find: "	return addToCache(toType(&typ.Type))\n",
		With: "	return addToCache(toType(liveMade(&typ.Type, unsafe.Sizeof(*typ))))\n",
		Why:  madeWhy,
	}, {
		File: "reflect/map_swiss.go", Find: "toRType(&mt.Type)", With: "toRType(liveMade(&mt.Type, unsafe.Sizeof(mt)))", Until: "go1.26", Why: madeWhy,
	}, {
		File: "reflect/map.go", Find: "toRType(&mt.Type)", With: "toRType(liveMade(&mt.Type, unsafe.Sizeof(mt)))", Since: "go1.26", Why: madeWhy,
	},
}

const madeWhy = "a cell may write the type later; then it must be this one"
