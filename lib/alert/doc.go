// Package alert decides which log lines people should hear of. It has the rules, matches lines against them, and defines what travels between
// the parts of the alert system:
//
//   - A Config is what a team writes into alerts.yaml: it changes the default rules and adds its own. Compile makes a Set of it.
//   - The storage function matches the lines of an app with a Matcher, and sends what matched as a Report.
//   - The alerts function counts reports, and publishes a Notification when an alert begins, and when it is over.
//   - The API shows the state of each app and rule as an Alert.
//
// The package makes no calls and reads no clock, so a line always matches the same rules.
package alert
