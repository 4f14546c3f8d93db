/*
 * The runs are derived from the Unicode Character Database, Unicode Data Files under this licence:
 *
 * UNICODE LICENSE V3
 *
 * COPYRIGHT AND PERMISSION NOTICE
 *
 * Copyright © 1991-2025 Unicode, Inc.
 *
 * NOTICE TO USER: Carefully read the following legal agreement. BY
 * DOWNLOADING, INSTALLING, COPYING OR OTHERWISE USING DATA FILES, AND/OR
 * SOFTWARE, YOU UNEQUIVOCALLY ACCEPT, AND AGREE TO BE BOUND BY, ALL OF THE
 * TERMS AND CONDITIONS OF THIS AGREEMENT. IF YOU DO NOT AGREE, DO NOT
 * DOWNLOAD, INSTALL, COPY, DISTRIBUTE OR USE THE DATA FILES OR SOFTWARE.
 *
 * Permission is hereby granted, free of charge, to any person obtaining a
 * copy of data files and any associated documentation (the "Data Files") or
 * software and any associated documentation (the "Software") to deal in the
 * Data Files or Software without restriction, including without limitation
 * the rights to use, copy, modify, merge, publish, distribute, and/or sell
 * copies of the Data Files or Software, and to permit persons to whom the
 * Data Files or Software are furnished to do so, provided that either (a)
 * this copyright and permission notice appear with all copies of the Data
 * Files or Software, or (b) this copyright and permission notice appear in
 * associated Documentation.
 *
 * THE DATA FILES AND SOFTWARE ARE PROVIDED "AS IS", WITHOUT WARRANTY OF ANY
 * KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
 * MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT OF
 * THIRD PARTY RIGHTS.
 *
 * IN NO EVENT SHALL THE COPYRIGHT HOLDER OR HOLDERS INCLUDED IN THIS NOTICE
 * BE LIABLE FOR ANY CLAIM, OR ANY SPECIAL INDIRECT OR CONSEQUENTIAL DAMAGES,
 * OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS,
 * WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION,
 * ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THE DATA
 * FILES OR SOFTWARE.
 *
 * Except as contained in this notice, the name of a copyright holder shall
 * not be used in advertising or otherwise to promote the sale, use or other
 * dealings in these Data Files or Software without prior written
 * authorization of the copyright holder.
 */
package dev.panpty.screen;

/**
 * The data of {@link WidthTable}, of Unicode 17.0.0. {@code src/main/unicode/Widths.java} writes this file from {@code EastAsianWidth.txt},
 * {@code HangulSyllableType.txt} and {@code DerivedGeneralCategory.txt}.
 */
final class WidthRuns {

    private WidthRuns() {}

    /** Runs from U+0000 on: the number of code points in hexadecimal, then x, y or z for the width 0, 1 or 2. */
    static final String RUNS =
            "300y70x113y7x107y2dx1y1x1y2x1y2x1y1x38y6xaybx1y1x2ey15x10y1x65y8x1y6x2y2x1y4x21y1x1y1x1ey1bx5bybx3ay9x9y1x18y4"
            + "x1y9x1y3x1y5x2by3x34y2x5y9x2ay39x37y1x1y1x4y8x4y1x3y7xay2x1dy1x3ay1x4y4x8y1x14y2x1ay1x2y2x39y1x4y2x4y2x2y3x3y1"
            + "x1ey2x3y1xby2x39y1x4y5x1y2x4y1x14y2x16y6x1y1x3ay1x2y1x1y4x8y1x7y2xby2x1ey1x3dy1xcy1x32y1x3y1x37y1x1y3x5y3x1y4x"
            + "7y2xby2x1dy1x3ay1x2y1x6y1x5y2x14y2x1cy2x39y2x4y4x8y1x14y2x1dy1x48y1x7y3x1y1x5ay1x2y7xcy8x62y1x2y9xby7x49y2x1by"
            + "1x1y1x1y1x37yex1y5x1y2x5ybx1y24x9y1x66y4x1y6x1y2x2y2x19y2x4y3x10y4xdy1x2y2x6y1xfy1x62y60za0x15dy3x3b2y3x1dy2x1"
            + "ey2x1ey2x40y2x1y7x8y1x2ybx9y1x2dy5x75y2x22y1x76y3x4y2x9y1x6y3xdby2x2y1x3ay1x1y7x1y1x1y1x2y8x6yax2y1x30y2ex2ycx"
            + "14y4x30y1x1y5x1y1x5y1x28y9xcy2x20y4x2y2x1y3x38y1x1y2x3y1x1y3x3ay8x2y2x98y3x1ydx1y7x4y1x6y1x3y2xc6y40x20by5x1ay"
            + "5x31y5x1yax60y21x229y2zdy2zbey4z3y1z2y1z209y2z15y2z1ay8z10ycz2by1zay6z3y1zdy1z8y2z11y2z5y2z8y1z5y1z15y1z7y2z1y"
            + "1z4y1z2y1z7y1z4y2z1cy1z23y1z1y1z4y3z1y1z3dy3z18y1zey1z35by2z33y1z4y1z199y3x8dy1x60y20x80y1az1y59zcyd6z1ay3az4x"
            + "11z2y56z2y2x65z5y2bz1y5ez1y56z9y30z1y28z8y723dz3y37z1a8y4x1yax20y2x50y2x110y1x3y1x4y1x19y2x5y1x97y2x1ay12xdy1x"
            + "26y8x19ybxey1dz3y3x30y1x2y4x2y2x27y1x43y6x2y2x2y2xcy1x8y1x2fy1x33y1x1y3x2y2x5y2x1y1x2ay2x8y1xeey1x2y1x4y1x12y2"
            + "ba4zcy17x4y31x2104y200z1ey1x2e1y10xaz6y10x23z1y13z1y4z93y1x1y60z7fy7z12y3x201y1xe2y1x95y5x686y3x1y2x5y4x28y3x4"
            + "y1xa5y2x23dy4x41y5x13dy2x4dy6x46ybx31y4x7by1x36yfx29y1x2y2xay3x31y4x2y2x2y1x4y1xay1x32y3x24y5x1y8x3ey1xcy2x34y"
            + "9xay4x2y1x5fy3x2y1x1y2x6y1x2y1x9dy1x3y8x15y2x39y2x3y1x25y7x3y5x46y6xdy1x1y1x1y1xey2x55y8x2y3x1y1x17y1x54y6x1y1"
            + "x4y2x1y2xeey4x6y2x1y2x1by2x55y8x2y1x1y2x6ay1x1y1x2y6x1y1x65y1x1y1x2y4x1y5x103y9x1y2x100y2x1y1x4y1x90y4x2y2x4y1"
            + "x20yax28y6x2y4x8y1x9y6x2y3x2eydx1y2xc6y1x1y3x1y1xc9y7x1y6x1y1x52y16x2y7x1y2x1y2x7ay6x3y1x1y2x1y7x1y1x48y2x3y1x"
            + "1y1x15by2xby2x34y5x5y1x1y1x17y1x14d5y11x6yfx2cc8ycx3y3x9c0y5x3by7x418y1x3fy4x4dy4z1xby7z9y1cd6z29y20z61y73z21f"
            + "dy4z1y7z1y2z1y123zfy1z1dy3z2y1zey4z8y18cz9a1y2x1y4x125cy2ex2y17x220y3x9y10x2y7x1ey4x94y3xbby57z9y17z689y37x4y3"
            + "2x8y1xey1x16y5x1yfx550y7x1y11x2y7x1y2x1y5x64y1xa0y7x177y1x3dy4x1fcy4xfey2xf3y1x2y1x7y2x5y1x1day7x6dy7x6b9y1zca"
            + "y1zbey1z2yaz65y3zdy2cz4y9z7y2zey6z9ay21zcy9z1y46z1y16zcy2bz4y5zcy11z3y1z3y47z1y1z1ybbz2y3fzdy4z1y18z12y1z1ay2z"
            + "dy1z56y55z30y46z6y1z3y3z2y4z3y4zby2z7y9ze3ycz4y1z11by2fz1yaz1yb9z70ydz3ybz3y39z1y1z4y10z2ycz4yaz507yfffez2yfff"
            + "eza0003y1x1ey60x80yf0x2fe10y";
}
