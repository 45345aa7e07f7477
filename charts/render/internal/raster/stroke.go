package raster

import "math"

// stroke turns lines into the areas a pen of that width covers. Joins are
// round, which at the widths of charts looks like any other.
func stroke(lines []line, width float64, dashes []float64, round bool) []line {
	if width <= 0 {
		return nil
	}
	var areas []line
	for _, l := range lines {
		if l.closed && len(l.points) > 1 {
			l.points = append(l.points[:len(l.points):len(l.points)], l.points[0])
		}
		for _, part := range dashed(l.points, dashes) {
			areas = append(areas, segments(part, width/2, round, l.closed && len(dashes) == 0)...)
		}
	}
	return areas
}

// segments covers each segment by a rectangle and each joint by a disc.
func segments(points []point, half float64, round, closed bool) []line {
	var areas []line
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		if length == 0 {
			continue
		}
		nx, ny := -(b.y-a.y)/length*half, (b.x-a.x)/length*half
		areas = append(areas, line{points: []point{{a.x + nx, a.y + ny}, {a.x - nx, a.y - ny}, {b.x - nx, b.y - ny}, {b.x + nx, b.y + ny}}})
	}
	for i, p := range points {
		if joint := i > 0 && i < len(points)-1; joint || round || closed {
			areas = append(areas, disc(p, half))
		}
	}
	return areas
}

// disc turns in the same sense as the rectangles of segments, so that what
// overlaps is not taken away.
func disc(center point, radius float64) line {
	n := int(min(200, max(8, radius*4)))
	var l line
	for i := range n {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		l.points = append(l.points, point{center.x + radius*c, center.y + radius*s})
	}
	return l
}

// dashed cuts a line into its dashes; without lengths it stays whole.
func dashed(points []point, lengths []float64) [][]point {
	sum := 0.0
	for _, d := range lengths {
		sum += d
	}
	const most = 10_000 // dashes nobody could count
	if sum <= 0 || len(points) == 0 || !(distance(points)/sum < most) {
		return [][]point{points}
	}
	var parts [][]point
	part := []point{points[0]}
	which, left := 0, lengths[0]
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		for {
			length := math.Hypot(b.x-a.x, b.y-a.y)
			if length <= left {
				left -= length
				part = append(part, b)
				break
			}
			a = point{a.x + (b.x-a.x)*left/length, a.y + (b.y-a.y)*left/length}
			if part = append(part, a); which%2 == 0 {
				parts = append(parts, part)
			}
			part = []point{a}
			which++
			left = max(lengths[which%len(lengths)], 0.01) // a length of 0 must not stop here
		}
	}
	if which%2 == 0 {
		parts = append(parts, part)
	}
	return parts
}

// distance is the length of the way along the points.
func distance(points []point) (sum float64) {
	for i := 1; i < len(points); i++ {
		sum += math.Hypot(points[i].x-points[i-1].x, points[i].y-points[i-1].y)
	}
	return sum
}
