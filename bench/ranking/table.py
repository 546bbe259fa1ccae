"""Turns the lines of a run into a table, best of the repeats for times, and one summary line."""
import json, sys

best = {}
for line in sys.stdin:
    row = json.loads(line)
    kept = best.setdefault((row["set"], row["who"]), row)
    for key in ("train", "score100k", "row_us", "peak_mb"):
        kept[key] = min(kept[key], row[key])
sets = list(dict.fromkeys(s for s, _ in best))
print(f"{'set':<18}{'who':<10}{'AUC':>9}{'log loss':>10}{'train s':>9}{'100k s':>9}{'row us':>9}{'MB':>6}")
misses = []
for name in sets:
    for who in ("hgb", "xgb", "line", "overture"):
        if (name, who) not in best:
            continue
        r = best[name, who]
        print(f"{name:<18}{who:<10}{r['auc']:9.4f}{r['loss']:10.4f}{r['train']:9.3f}{r['score100k']:9.3f}"
              f"{r['row_us']:9.2f}{r['peak_mb']:6.0f}")
    ours, trees = best[name, "overture"], [best[name, w] for w in ("hgb", "xgb")]
    rivals = trees + [best[name, "line"]]
    if ours["auc"] < max(r["auc"] for r in trees) - 0.002:
        misses.append(f"{name}: AUC")
    if ours["loss"] > 1.01 * min(r["loss"] for r in rivals):
        misses.append(f"{name}: log loss")
    if ours["score100k"] * 4 > best[name, "xgb"]["score100k"]:
        misses.append(f"{name}: scoring {best[name, 'xgb']['score100k'] / ours['score100k']:.1f} times XGBoost")
    if ours["row_us"] >= 5:
        misses.append(f"{name}: single row")
if ("synth_100k", "overture") in best:
    ours, xgb = best["synth_100k", "overture"], best["synth_100k", "xgb"]
    ratio = ours["train"] / xgb["train"]
    print(f"training 100k x 84: {ratio:.2f} of XGBoost's time; memory {ours['peak_mb']} MB against {xgb['peak_mb']} MB")
    if ratio > 0.7:
        misses.append(f"training time {ratio:.2f}")
print("all targets met" if not misses else "missed: " + "; ".join(misses))
