# Prints a line for each package of jacoco.csv, and one for all.
function line(name, missed, covered) {
  if (missed + covered > 0)
    printf "%-26s %5d of %5d lines, %3d %%\n", name, covered, missed + covered,
      100 * covered / (missed + covered)
}
BEGIN {
  FS = ","
  if ((getline < ARGV[1]) < 0) exit # no test has run
}
FNR > 1 { missed[$2] += $8; covered[$2] += $9; allMissed += $8; allCovered += $9 }
END {
  for (name in covered) line(name, missed[name], covered[name])
  line("all", allMissed, allCovered)
}
