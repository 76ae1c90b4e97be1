// Package alertfile reads alerts.yaml, the file in which a team changes the alert rules and adds its own: sections by kind, in each the rules by
// name, and for each rule either the fields that it has or changes, or off, or on.
//
//	codes:
//	  H12: {threshold: 20, window: 10m}
//	  R14: off
//	regexps:
//	  payment-failed: {pattern: 'payment (failed|declined)', level: critical}
//
// The package also writes the JSON schema with which editors check the file. The functions do not read YAML: they have the rules as JSON.
package alertfile
