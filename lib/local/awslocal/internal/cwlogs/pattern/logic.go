package pattern

// logic reads conditions joined by && and ||, of which && binds more tightly, for any kind T of condition.
type logic[T any] struct {
	s        *scanner
	operand  func() (T, error)
	all, any func(left, right T) T
}

func (l *logic[T]) expression() (T, error) {
	return l.joined("||", func() (T, error) { return l.joined("&&", l.operand, l.all) }, l.any)
}

func (l *logic[T]) joined(operator string, operand func() (T, error), join func(left, right T) T) (T, error) {
	left, err := operand()
	for err == nil {
		l.s.skipSpace()
		if !l.s.take(operator) {
			break
		}
		var right T
		if right, err = operand(); err == nil {
			left = join(left, right)
		}
	}
	return left, err
}
